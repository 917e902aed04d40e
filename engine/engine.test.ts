import { readFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { createRouterClient } from '@orpc/server'
import { expect, test } from 'vitest'
import type { ServerId, TaskId } from '../shared/ids.ts'
import type { StreamMessage } from '../shared/snapshot.ts'
import { isFinished, type Task, type TaskEvent } from '../shared/task.ts'
import { createEngine, type Engine } from './engine.ts'
import { temporaryHost } from './test-host.ts'

const reference = (name: string): string => resolve(`node_modules/@modelcontextprotocol/server-${name}/dist/index.js`)
const misbehaving = (name: string): string => resolve(`test-servers/${name}.mjs`)

const client = (engine: Engine) => createRouterClient(engine.router, { context: { origin: 'api' } })
type EngineClient = ReturnType<typeof client>

const everything = 'everything' as ServerId

async function configure(home: string, servers: Record<string, unknown>): Promise<void> {
  await writeFile(join(home, 'mcp.json'), JSON.stringify({ mcpServers: servers }))
}

const everythingEntry = { command: 'node', args: [reference('everything')] }

async function ended(api: EngineClient, id: TaskId): Promise<{ task: Task; events: TaskEvent[] }> {
  const events: TaskEvent[] = []
  for await (const message of await api.tasks.follow({ task_id: id })) {
    events.push(...message.events)
    if (isFinished(message.task.status)) break
  }
  return { task: await api.tasks.get({ task_id: id }), events }
}

test('a server is started, its tool is called, and the call is on record with its time line', async () => {
  await using host = await temporaryHost()
  await configure(host.home, { everything: everythingEntry })
  await using engine = await createEngine(host)
  const api = client(engine)

  const ready = await api.servers.start({ id: everything, wait_s: 60 })
  expect(ready).toMatchObject({ state: 'ready', wished: true, era: 'legacy', transport: 'stdio', tools: 17 })
  expect(ready.start?.steps.map(({ step, status }) => [step, status])).toEqual([
    ['resolve', 'done'],
    ['spawn', 'done'],
    ['first_byte', 'done'],
    ['handshake', 'done'],
    ['list', 'done'],
  ])

  const created = await api.tasks.create({
    agent: everything,
    action: 'trigger-long-running-operation',
    parameters: { duration: 0.5, steps: 5 },
  })
  const { task, events } = await ended(api, created.task_id)
  expect(task).toMatchObject({ status: 'completed', origin: 'api', sent: true, run_id: ready.run_id })
  expect(events.map(({ number }) => number)).toEqual(events.map((_, index) => index + 1))
  expect(events.filter(({ kind }) => kind === 'progress').map(({ data }) => data.progress)).toEqual([1, 2, 3, 4, 5])
  expect((await api.tasks.events({ task_id: created.task_id })).items).toEqual(events)
  expect((await api.servers.get({ id: everything })).last_call_at).toBe(task.started_at)
})

test('what a call comes to is on record, whatever it is', async () => {
  await using host = await temporaryHost()
  await configure(host.home, { everything: everythingEntry, echo: { command: 'node', args: [misbehaving('echo')] } })
  await using engine = await createEngine(host)
  const api = client(engine)
  const echo = 'echo' as ServerId
  const call = async (agent: ServerId, action: string, parameters: Record<string, unknown>, timeout_ms?: number) =>
    (await ended(api, (await api.tasks.create({ agent, action, parameters, timeout_ms })).task_id)).task

  await api.servers.start({ id: everything, wait_s: 60 })
  await api.servers.start({ id: echo, wait_s: 60 })

  const refused = await call(everything, 'get-sum', { a: 'one' })
  expect(refused).toMatchObject({ status: 'failed', sent: false, error: { code: 'invalid_arguments' } })
  const slow = await call(everything, 'trigger-long-running-operation', { duration: 60, steps: 1 }, 200)
  expect(slow).toMatchObject({ status: 'timed_out', sent: true })
  const failing = await call(echo, 'fail', {})
  expect(failing).toMatchObject({ status: 'failed', error: { code: 'tool_error' }, result: { isError: true } })

  await api.servers.stop({ id: everything, wait_s: 30 })
  const off = await call(everything, 'echo', { message: 'hi' })
  expect(off).toMatchObject({ status: 'failed', sent: false, error: { code: 'server_not_running' } })

  const crash = await call(echo, 'crash', {})
  expect(crash).toMatchObject({ status: 'failed', sent: true, error: { code: 'server_exited' } })

  await expect(api.tasks.create({ agent: 'nobody' as ServerId, action: 'x' })).rejects.toMatchObject({
    code: 'unknown_server',
  })
  await expect(api.tasks.create({ agent: everything, action: 'nothing' })).rejects.toMatchObject({
    code: 'unknown_tool',
  })
  expect((await api.tasks.list({})).items).toHaveLength(5)
})

test('a client sees its own tasks, and none of another that had its name before', async () => {
  await using host = await temporaryHost()
  await configure(host.home, { echo: { command: 'node', args: [misbehaving('echo')] } })
  await using engine = await createEngine(host)
  const echo = 'echo' as ServerId
  const { task_id } = await client(engine).tasks.create({ agent: echo, action: 'echo' })
  const { created_at } = await client(engine).tasks.get({ task_id })

  const madeAt = (since: string) =>
    createRouterClient(engine.router, { context: { origin: 'api', only: { origin: 'api', since } } })
  expect((await madeAt(created_at).tasks.list({})).items).toHaveLength(1)
  const namesake = madeAt(new Date(Date.parse(created_at) + 1).toISOString())
  expect((await namesake.tasks.list({ since: created_at })).items).toEqual([])
  await expect(namesake.tasks.get({ task_id })).rejects.toMatchObject({ code: 'unknown_task' })
})

test('a malformed answer fails its call at once, with the raw text kept', async () => {
  await using host = await temporaryHost()
  const settings = { max_message_bytes: 1_000_000, timeout_ms: 20_000 }
  await configure(host.home, { bad: { command: 'node', args: [misbehaving('bad-answer')], signalbox: settings } })
  await using engine = await createEngine(host)
  const api = client(engine)
  const bad = 'bad' as ServerId
  await api.servers.start({ id: bad, wait_s: 60 })
  const end = async (action: string): Promise<unknown[]> => {
    const { task } = await ended(api, (await api.tasks.create({ agent: bad, action })).task_id)
    return [action, task.status, task.error?.code, (task.error?.raw ?? '').length > 0]
  }
  const invalid = [
    'not_a_number',
    'both',
    'neither',
    'null_result',
    'old_version',
    'duplicate_id',
    'deep',
    'batch',
    'huge',
  ]
  for (const action of invalid) expect(await end(action)).toEqual([action, 'failed', 'invalid_answer', true])
  for (const action of ['twice', 'pretty', 'proto'])
    expect(await end(action)).toEqual([action, 'completed', undefined, false])
})

test('a running call is cancelled, and so are those that run when the engine ends', async () => {
  await using host = await temporaryHost()
  await configure(host.home, { everything: everythingEntry })
  const slow = { agent: everything, action: 'trigger-long-running-operation', parameters: { duration: 60, steps: 1 } }
  let left: TaskId
  {
    await using engine = await createEngine(host)
    const api = client(engine)
    await api.servers.start({ id: everything, wait_s: 60 })
    const { task_id } = await api.tasks.create(slow)
    expect(await api.tasks.cancel({ task_id })).toMatchObject({ status: 'cancelled' })
    await expect(api.tasks.cancel({ task_id })).rejects.toMatchObject({ code: 'task_finished' })
    left = (await api.tasks.create(slow)).task_id
  }
  await using engine = await createEngine(host)
  expect(await client(engine).tasks.get({ task_id: left })).toMatchObject({ status: 'cancelled' })
})

test('tomorrow it is all still there: tasks, wishes and lists', async () => {
  await using host = await temporaryHost()
  await configure(host.home, { everything: everythingEntry, memory: { command: 'node', args: [reference('memory')] } })
  let id: TaskId
  {
    await using engine = await createEngine(host)
    const api = client(engine)
    await api.servers.start({ id: everything, wait_s: 60 })
    const task = await api.tasks.create({ agent: everything, action: 'echo', parameters: { message: 'hello' } })
    id = task.task_id
    await ended(api, id)
  }
  await using engine = await createEngine(host)
  const api = client(engine)
  expect(await api.tasks.get({ task_id: id })).toMatchObject({
    status: 'completed',
    result: { content: [{ type: 'text', text: 'Echo: hello' }] },
  })
  const { items } = await api.servers.list()
  expect(items.map((server) => [server.id, server.wished])).toEqual([
    ['everything', true],
    ['memory', false],
  ])
  await expect.poll(async () => (await api.servers.get({ id: everything })).state, { timeout: 30_000 }).toBe('ready')
})

test('the event stream leads from a snapshot to ready, and a broken configuration is told with its place', async () => {
  await using host = await temporaryHost()
  await configure(host.home, { everything: everythingEntry })
  await using engine = await createEngine(host)
  const api = client(engine)
  const stop = new AbortController()
  const stream = await api.app.events({}, { signal: stop.signal })
  const seen: string[] = []
  const until = async (wanted: (message: StreamMessage) => boolean): Promise<void> => {
    for (;;) {
      const { value, done } = await stream.next()
      if (done) throw new Error(`the stream ended after ${seen.join(', ')}`)
      if (wanted(value)) return
    }
  }
  await until((message) => message.kind === 'snapshot' && message.snapshot.servers.length === 1)
  await api.servers.start({ id: everything, wait_s: 0 })
  await until(
    (message) =>
      message.kind === 'changes' &&
      message.events.some((event) => event.type === 'server.changed' && event.server.state === 'ready'),
  )

  const path = join(host.home, 'mcp.json')
  const good = await readFile(path, 'utf8')
  await writeFile(path, `${good.slice(0, -1)},\n  oops\n}`)
  await until(
    (message) =>
      message.kind === 'changes' &&
      message.events.some((event) => event.type === 'config.changed' && event.config.problem?.line === 2),
  )
  expect((await api.servers.get({ id: everything })).state).toBe('ready')
  expect((await api.app.attention()).items[0]).toMatchObject({ id: 'config', code: 'config_broken' })
  await writeFile(path, JSON.stringify({ mcpServers: { everything: everythingEntry, other: everythingEntry } }))
  await until(
    (message) =>
      message.kind === 'changes' &&
      message.events.some((event) => event.type === 'server.changed' && event.server.id === 'other'),
  )
  stop.abort()
})

test('the log lines of a task are those of its time', async () => {
  await using host = await temporaryHost()
  await configure(host.home, { everything: everythingEntry })
  await using engine = await createEngine(host)
  const api = client(engine)
  await api.servers.start({ id: everything, wait_s: 60 })
  const { items } = await api.logs.list({ server: [everything], stream: ['stderr'] })
  expect(items.map(({ text }) => text)).toContain('Starting default (STDIO) server...')
  const { task_id } = await api.tasks.create({ agent: everything, action: 'echo', parameters: { message: 'hi' } })
  await ended(api, task_id)
  for (const line of (await api.tasks.logs({ task_id })).items) expect(line.server).toBe(everything)
})
