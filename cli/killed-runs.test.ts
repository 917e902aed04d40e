import { writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { expect, test, vi } from 'vitest'
import type { TaskId } from '../shared/ids.ts'
import { newRuleSchema } from '../shared/rule.ts'
import { isFinished, type TaskSummary } from '../shared/task.ts'
import { type Client, withClient } from './client.ts'
import { endProcess, startServe, temporaryHome } from './test-serve.ts'

const trigger = { kind: 'webhook', hook: 'ci' }
const call = (name: string, tool: string, given: object) => ({
  kind: 'tool',
  name,
  server: 'echo',
  tool,
  arguments: given,
})
const say = call('say', 'echo', { text: 'hello' })
const asking = newRuleSchema.parse({
  name: 'asking',
  trigger,
  steps: [say, { kind: 'approval', name: 'ask', message: 'May I?' }, { ...say, name: 'after' }],
})
const busy = newRuleSchema.parse({
  name: 'busy',
  trigger,
  steps: [say, call('slow', 'slow', { steps: 6000, step_ms: 100 })],
})
const watching = newRuleSchema.parse({
  name: 'watching',
  enabled: true,
  trigger: { kind: 'event', events: ['rule.run.failed'] },
  steps: [
    { kind: 'notify', name: 'tell', title: '${event.payload.name}', message: '${event.payload.failure.message}' },
  ],
})
test('after a SIGKILL and a new start, a run that waited for a person and one that was at work have ended, and say how far they came', async () => {
  await using folder = await temporaryHome()
  const { home } = folder
  const echo = { command: process.execPath, args: [resolve('test-servers/echo.mjs')] }
  await writeFile(join(home, 'mcp.json'), JSON.stringify({ mcpServers: { echo } }))
  let runs: TaskId[]
  {
    await using serving = await startServe(home)
    runs = await withClient(home, async (client) => {
      await client.servers.start({ id: 'echo' as never, wait_s: 60 })
      await client.rules.create(watching)
      return [await begin(client, asking, 'input_required'), await begin(client, busy, 'running')]
    })
    await endProcess(serving.child, 'SIGKILL')
  }
  await using _again = await startServe(home)
  await withClient(home, async (client) => {
    // A rule that waits for runs that fail hears of them, too.
    const told = async () => (await client.rules.runs({})).items.filter(({ rule_name }) => rule_name === 'watching')
    await vi.waitUntil(async () => (await told()).filter(({ status }) => status === 'completed').length === 2, 30_000)
    expect((await told()).map(({ depth, event_name }) => [depth, event_name])).toEqual([
      [1, 'rule.run.failed'],
      [1, 'rule.run.failed'],
    ])
    const { items } = await client.tasks.list({ limit: 100 })
    expect(items.filter(({ status }) => !isFinished(status))).toEqual([])
    expect((await client.approvals.list()).items).toEqual([])
    const [asked, worked] = await Promise.all(runs.map((id) => client.rules.run({ id })))
    expect(asked).toMatchObject({
      status: 'interrupted',
      failure: { code: 'interrupted', message: expect.stringContaining('nobody gave one, and nothing was approved') },
      steps: [{ name: 'say', status: 'completed' }],
    })
    expect(worked).toMatchObject({
      status: 'interrupted',
      failure: { code: 'interrupted', message: expect.stringContaining('its outcome is unknown') },
      steps: [{ name: 'say', status: 'completed' }],
    })
    expect(familyOf(items, runs[0]!)).toEqual([
      ['run', 'interrupted'],
      ['approval', 'interrupted'],
      ['echo', 'completed'],
    ])
    expect(familyOf(items, runs[1]!)).toEqual([
      ['run', 'interrupted'],
      ['slow', 'interrupted'],
      ['echo', 'completed'],
    ])
    // The answer that came too late is refused, not swallowed.
    const question = items.find(({ action }) => action === 'approval')!
    await expect(client.approvals.decide({ id: question.task_id, verdict: 'allow' })).rejects.toMatchObject({
      code: 'not_waiting',
    })
  })
})

test('a rule hears at the next start of a call that a SIGKILL cut off, once', async () => {
  await using folder = await temporaryHome()
  const { home } = folder
  const echo = { command: process.execPath, args: [resolve('test-servers/echo.mjs')] }
  await writeFile(join(home, 'mcp.json'), JSON.stringify({ mcpServers: { echo } }))
  const hearing = newRuleSchema.parse({
    name: 'hearing',
    enabled: true,
    trigger: { kind: 'event', events: ['agent.error', 'agent.task.completed'] },
    steps: [{ kind: 'notify', name: 'tell', title: '${event.payload.action}', message: '${event.payload.status}' }],
  })
  const heard = async (client: Client) =>
    (await client.rules.runs({})).items.map(({ event_name, status }) => [event_name, status])
  {
    await using serving = await startServe(home)
    await withClient(home, async (client) => {
      await client.servers.start({ id: 'echo' as never, wait_s: 60 })
      await client.rules.create(hearing)
      const call = { agent: 'echo' as never, action: 'slow', parameters: { steps: 6000, step_ms: 100 } }
      const { task_id } = await client.tasks.create(call)
      for await (const { task } of await client.tasks.follow({ task_id })) if (task.status === 'running') break
      expect(await heard(client)).toEqual([])
    })
    await endProcess(serving.child, 'SIGKILL')
  }
  for (let start = 0; start < 2; start++) {
    await using serving = await startServe(home)
    await withClient(home, async (client) => {
      await vi.waitUntil(async () => (await heard(client)).some(([, status]) => status === 'completed'), 30_000)
      expect(await heard(client)).toEqual([['agent.error', 'completed']])
    })
    await endProcess(serving.child, 'SIGKILL')
  }
})

test('whenever it is killed, a rule runs once for each call that ended', async () => {
  await using folder = await temporaryHome()
  const { home } = folder
  const echo = { command: process.execPath, args: [resolve('test-servers/echo.mjs')] }
  await writeFile(join(home, 'mcp.json'), JSON.stringify({ mcpServers: { echo } }))
  const counting = newRuleSchema.parse({
    name: 'counting',
    enabled: true,
    trigger: { kind: 'event', events: ['agent.error', 'agent.task.completed'] },
    limits: { rate: { runs: 10_000, per_s: 1 }, concurrency: 20, queue: 1_000 },
    steps: [{ kind: 'notify', name: 'tell', title: 'Ended', message: '${event.payload.task_id}' }],
  })
  const runsOf = async (client: Client) => (await client.rules.runs({ limit: 1000 })).items
  for (let life = 0; life < 3; life++) {
    await using serving = await startServe(home)
    await withClient(home, async (client) => {
      await client.servers.start({ id: 'echo' as never, wait_s: 60 })
      if (life === 0) await client.rules.create(counting)
      const before = (await runsOf(client)).length
      const call = { agent: 'echo' as never, action: 'echo', parameters: { text: 'a' } }
      // Cut off by the death of the program, most of them; those that are on record by then count.
      const asked = Array.from({ length: 80 }, () => client.tasks.create(call).catch(() => null))
      await vi.waitUntil(async () => (await runsOf(client)).length > before + 20, 30_000)
      const killed = endProcess(serving.child, 'SIGKILL')
      await Promise.all([killed, ...asked])
    }).catch((error: { code?: string }) => expect(error.code).toBe('connection_lost'))
  }
  await using _last = await startServe(home)
  await withClient(home, async (client) => {
    const { items } = await client.tasks.list({ agent: ['echo'] as never, limit: 1000 })
    expect(items.length).toBeGreaterThan(60)
    await vi.waitUntil(async () => {
      const runs = await runsOf(client)
      return runs.length >= items.length && runs.every(({ finished_at }) => finished_at !== null)
    }, 60_000)
    const events = (await runsOf(client)).map(({ event_id }) => event_id)
    expect([events.length, new Set(events).size]).toEqual([items.length, items.length])
  })
})

/** Fires a rule and resolves to its run once its last child task is in that state. */
async function begin(client: Client, rule: typeof asking, status: TaskSummary['status']): Promise<TaskId> {
  const { id } = await client.rules.create(rule)
  const { run } = await client.rules.test({ id })
  for await (const { events } of await client.tasks.follow({ task_id: run!.id })) {
    // The step before is over: what comes next is the one in whose middle the program is killed.
    if (events.some(({ kind }) => kind === 'step')) break
  }
  for await (const message of await client.app.events({})) {
    const told =
      message.kind === 'snapshot'
        ? message.snapshot.running
        : message.events.flatMap((event) => (event.type === 'task.changed' ? [event.task] : []))
    if (told.some((task) => task.parent_id === run!.id && task.status === status && task.action !== 'echo')) break
  }
  return run!.id
}

/** A run and its children, the run first, the newest next. */
function familyOf(items: readonly TaskSummary[], run: TaskId): [action: string, status: string][] {
  const parent = items.filter(({ task_id }) => task_id === run)
  const children = items.filter(({ parent_id }) => parent_id === run)
  return [...parent, ...children].map(({ action, status }) => [action, status])
}
