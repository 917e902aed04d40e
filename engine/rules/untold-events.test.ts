import { writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { createRouterClient } from '@orpc/server'
import { expect, test, vi } from 'vitest'
import type { ServerId } from '../../shared/ids.ts'
import { newRuleSchema } from '../../shared/rule.ts'
import { createEngine, type Engine } from '../engine.ts'
import { openStore } from '../store/open-store.ts'
import { newTask, storeWorker } from '../store/test-store.ts'
import { temporaryHost } from '../test-host.ts'

const echo = 'echo' as ServerId
const client = (engine: Engine) => createRouterClient(engine.router, { context: { origin: 'api' } })
const notify = { kind: 'notify', name: 'tell', title: '${event.name}', message: '${event.at}' }
const rule = (given: Record<string, unknown>) => newRuleSchema.parse({ enabled: true, steps: [notify], ...given })

test('ends of calls that died untold with the program are told at the next start, each once, and only to rules that were there', async () => {
  await using host = await temporaryHost()
  const mcpServers = { echo: { command: 'node', args: [resolve('test-servers/echo.mjs')] } }
  await writeFile(join(host.home, 'mcp.json'), JSON.stringify({ mcpServers }))
  const trigger = { kind: 'event', events: ['agent.task.completed', 'agent.error'] }
  const runsOf = async (engine: Engine) =>
    (await client(engine).rules.runs({})).items.map(({ rule_name, event_name, status }) => [
      rule_name,
      event_name,
      status,
    ])
  {
    await using engine = await createEngine(host)
    await client(engine).servers.start({ id: echo, wait_s: 60 })
    await client(engine).rules.create(rule({ name: 'early', trigger }))
    const { task_id } = await client(engine).tasks.create({ agent: echo, action: 'echo', parameters: { text: 'a' } })
    await vi.waitUntil(async () => (await runsOf(engine)).length === 1)
    expect((await client(engine).tasks.get({ task_id })).status).toBe('completed')
  }
  // As a program leaves it that dies between the record of an end and the rule that hears of it, and with a call under way.
  {
    const { store } = await openStore({ file: join(host.home, 'signalbox.db'), worker: storeWorker })
    await using opened = store
    const [ended, open] = [newTask({ agent: echo }), newTask({ agent: echo })]
    for (const row of [ended, open]) await opened.tasks.insert(row, [])
    const finished_at = new Date().toISOString()
    await opened.tasks.update(ended.task_id, { status: 'completed', finished_at, duration_ms: 1 }, [])
  }
  const told = [
    ['early', 'agent.task.completed', 'completed'],
    ['early', 'agent.error', 'completed'],
  ]
  {
    await using engine = await createEngine(host)
    await vi.waitUntil(async () => (await runsOf(engine)).length === 3)
    await vi.waitUntil(async () => (await runsOf(engine)).every(([, , status]) => status === 'completed'))
    expect((await runsOf(engine)).slice(0, 2).sort()).toEqual(told.sort())
    await client(engine).rules.create(rule({ name: 'late', trigger }))
  }
  await using engine = await createEngine(host)
  await client(engine).servers.start({ id: echo, wait_s: 60 })
  await client(engine).tasks.create({ agent: echo, action: 'fail', parameters: {} })
  await vi.waitUntil(async () => (await runsOf(engine)).length === 5)
  expect((await runsOf(engine)).filter(([name]) => name === 'late')).toHaveLength(1)
})

test('of events that come faster than a rule can look at them a person hears', async () => {
  await using host = await temporaryHost()
  await using engine = await createEngine(host)
  const conditions = ['event.payload.body.number < 0']
  const made = rule({ name: 'slow', trigger: { kind: 'webhook', hook: 'ci' }, conditions })
  const { id } = await client(engine).rules.create(made)
  const stop = new AbortController()
  const notices: string[] = []
  const following = (async () => {
    for await (const message of engine.hub.follow({}, stop.signal)) {
      const events = message.kind === 'changes' ? message.events : []
      for (const event of events) if (event.type === 'notice.raised') notices.push(event.notice.message)
    }
  })()
  const facts = { hook: 'ci', content_type: 'application/json' }
  for (let number = 0; number < 10_100; number++) {
    engine.bus.publish('webhook.received', { ...facts, delivery_id: String(number), body: { number } })
  }
  await vi.waitUntil(async () => (await client(engine).rules.get({ id })).unmet === 10_000, 60_000)
  await vi.waitUntil(() => notices.length > 0)
  stop.abort()
  await following
  expect(notices).toEqual(['Events came faster than slow could look at them, and some are lost to it.'])
})
