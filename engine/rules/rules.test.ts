import { writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { createRouterClient } from '@orpc/server'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import type { DomainEvent } from '../../shared/domain-event.ts'
import { type ServerId, type TaskId, uuidV7 } from '../../shared/ids.ts'
import { type NewRule, newRuleSchema, type RuleId, type RuleRun, type StepOf } from '../../shared/rule.ts'
import { isFinished, type TaskSummary } from '../../shared/task.ts'
import { createEngine, type Engine } from '../engine.ts'
import type { Host } from '../host.ts'
import { temporaryHost } from '../test-host.ts'
import { toolStep } from './steps/tool-step.ts'

const echo = 'echo' as ServerId
const client = (engine: Engine) => createRouterClient(engine.router, { context: { origin: 'api' } })
type Api = ReturnType<typeof client>

async function writeConfig({ home }: Host): Promise<void> {
  const mcpServers = { echo: { command: 'node', args: [resolve('test-servers/echo.mjs')] } }
  await writeFile(join(home, 'mcp.json'), JSON.stringify({ mcpServers }))
}

async function withEcho(host: Host): Promise<Engine> {
  await writeConfig(host)
  const engine = await createEngine(host)
  await client(engine).servers.start({ id: echo, wait_s: 60 })
  return engine
}

const emptyScope = { event: {}, steps: {}, rule: { id: '', name: '' }, run: { id: '' }, failure: null }

/** A rule with defaults for what a test does not say. */
const rule = (given: Record<string, unknown>): NewRule => newRuleSchema.parse({ enabled: true, ...given })

const hook = { kind: 'webhook', hook: 'ci' }
const echoStep = (text: string, more: Record<string, unknown> = {}) => ({
  kind: 'tool',
  name: 'say',
  server: 'echo',
  tool: 'echo',
  arguments: { text },
  ...more,
})

function fire(engine: Engine, body: unknown): string {
  const delivery_id = crypto.randomUUID()
  return engine.bus.publish('webhook.received', { hook: 'ci', delivery_id, content_type: 'application/json', body }).id
}

/** The run of an event, once it ended; each ending is told on the bus or by the view. */
async function ended(engine: Engine, eventId: string, id?: RuleId): Promise<RuleRun> {
  const api = client(engine)
  const look = async (): Promise<RuleRun | undefined> =>
    (await api.rules.runs({ rule: id })).items.find((run) => run.event_id === eventId && run.finished_at !== null)
  const stop = new AbortController()
  for await (const _ of engine.hub.follow({}, stop.signal)) {
    const run = await look()
    if (run === undefined) continue
    stop.abort()
    return run
  }
  throw new Error('the engine ended')
}

async function childrenOf(api: Api, id: TaskId): Promise<TaskSummary[]> {
  return (await api.tasks.list({})).items.filter((task) => task.parent_id === id).reverse()
}

test('an event that meets the conditions runs the steps, each a child task, with arguments of the event and of steps before', async () => {
  await using host = await temporaryHost()
  await using engine = await withEcho(host)
  const api = client(engine)
  const made = await api.rules.create(
    rule({
      name: 'greet',
      trigger: hook,
      conditions: ['event.payload.body.state == "failed"', 'size(event.payload.body.names) > 0'],
      steps: [
        echoStep('hello ${event.payload.body.names[0]}'),
        { ...echoStep('${steps.say.text}!'), name: 'again', condition: 'steps.say.status == "completed"' },
        { kind: 'notify', name: 'tell', title: 'Said', message: '${steps.again.text}' },
        { kind: 'notify', name: 'never', title: 'Not', message: 'this', condition: 'false' },
      ],
    }),
  )
  expect(made).toMatchObject({ problem: null, running: 0, last_run: null, unmet: 0 })

  const missed = fire(engine, { state: 'passed', names: ['Ada'] })
  const run = await ended(engine, fire(engine, { state: 'failed', names: ['Ada'] }))
  expect(run).toMatchObject({ rule: made.id, rule_name: 'greet', status: 'completed', depth: 0, failure: null })
  expect(run.steps.map(({ name, kind, status }) => [name, kind, status])).toEqual([
    ['say', 'tool', 'completed'],
    ['again', 'tool', 'completed'],
    ['tell', 'notify', 'completed'],
    ['never', 'notify', 'skipped'],
  ])
  const parent = await api.tasks.get({ task_id: run.id })
  expect(parent).toMatchObject({ status: 'completed', agent: 'rule:greet', action: 'run', origin: 'rule:greet' })
  const children = await childrenOf(api, run.id)
  expect(children.map(({ agent, action, origin }) => [agent, action, origin])).toEqual([
    ['echo', 'echo', 'rule:greet'],
    ['echo', 'echo', 'rule:greet'],
    ['rule:greet', 'notify', 'rule:greet'],
  ])
  expect((await api.tasks.get({ task_id: children[1]!.task_id })).parameters).toEqual({ text: 'hello Ada!' })
  const timeline = (await api.tasks.events({ task_id: run.id })).items.filter(({ kind }) => kind === 'step')
  expect(timeline.map(({ data }) => data.name)).toEqual(['say', 'again', 'tell', 'never'])
  const { items } = await api.rules.runs({})
  expect(items.map(({ event_id }) => event_id)).not.toContain(missed)
  expect(await api.rules.get({ id: made.id })).toMatchObject({
    unmet: 1,
    last_run: { id: run.id, status: 'completed' },
  })
  expect((await api.rules.run({ id: run.id })).event).toMatchObject({ name: 'webhook.received' })
})

test('a rule that is off, changed or gone does not act', async () => {
  await using host = await temporaryHost()
  await using engine = await withEcho(host)
  const api = client(engine)
  const written = rule({ name: 'quiet', enabled: false, trigger: hook, steps: [echoStep('one')] })
  const { id } = await api.rules.create(written)
  expect(engine.bus.isHeard('webhook.received')).toBe(false)
  await api.rules.enable({ id, enabled: true })
  await ended(engine, fire(engine, {}))
  await api.rules.update({ ...written, id, enabled: true, conditions: ['event.payload.body.go'] })
  const go = fire(engine, { go: true })
  fire(engine, { go: false })
  await ended(engine, go)
  expect((await api.rules.runs({ rule: id })).items).toHaveLength(2)
  expect(await api.rules.remove({ id })).toEqual({ removed: true })
  expect(engine.bus.isHeard('webhook.received')).toBe(false)
  expect((await api.rules.list()).items).toEqual([])
  expect(engine.hub.snapshot.rules).toEqual([])
  expect((await api.rules.runs({})).items).toHaveLength(2)
})

test('a failed step stops the rule and runs the steps for failures, unless it may go on', async () => {
  await using host = await temporaryHost()
  await using engine = await withEcho(host)
  const api = client(engine)
  const fail = { kind: 'tool', name: 'broken', server: 'echo', tool: 'fail' }
  await api.rules.create(
    rule({
      name: 'careful',
      trigger: hook,
      steps: [{ ...fail, on_failure: 'continue' }, { ...fail, name: 'worse' }, echoStep('not reached')],
      on_failure: [{ kind: 'notify', name: 'tell', title: '${failure.step}', message: '${failure.code}' }],
    }),
  )
  const run = await ended(engine, fire(engine, {}))
  expect(run).toMatchObject({ status: 'failed', failure: { code: 'tool_error' } })
  expect(run.steps.map(({ name, status }) => [name, status])).toEqual([
    ['broken', 'failed'],
    ['worse', 'failed'],
    ['tell', 'completed'],
  ])
  const [, , told] = await childrenOf(api, run.id)
  expect((await api.tasks.get({ task_id: told!.task_id })).parameters).toEqual({
    title: 'worse',
    message: 'tool_error',
  })
})

test('a run waits for a person, who says yes or no in the one inbox', async () => {
  await using host = await temporaryHost()
  await using engine = await withEcho(host)
  const api = client(engine)
  await api.rules.create(
    rule({
      name: 'asks',
      trigger: hook,
      steps: [
        { kind: 'approval', name: 'may_i', message: 'Say ${event.payload.body.word}?' },
        echoStep('${event.payload.body.word}'),
      ],
      limits: { concurrency: 2 },
    }),
  )
  const words = [fire(engine, { word: 'yes' }), fire(engine, { word: 'no' })]
  const stop = new AbortController()
  for await (const _ of engine.hub.follow({}, stop.signal)) if (engine.hub.snapshot.approvals.length === 2) break
  for (const held of engine.hub.snapshot.approvals) {
    expect(held).toMatchObject({ server: 'rule:asks', tool: 'may_i', origin: 'rule:asks', rule: 'asks' })
    await api.approvals.decide({ id: held.id, verdict: held.title === 'Say yes?' ? 'allow' : 'deny' })
  }
  expect(await ended(engine, words[0]!)).toMatchObject({ status: 'completed' })
  const refused = await ended(engine, words[1]!)
  expect(refused).toMatchObject({ status: 'failed', failure: { code: 'approval_denied' } })
  expect(await childrenOf(api, refused.id)).toHaveLength(1)
})

test('cancelling a run cancels what it does, and switching its rule off ends it and says so', async () => {
  await using host = await temporaryHost()
  await using engine = await withEcho(host)
  const api = client(engine)
  const { id } = await api.rules.create(
    rule({
      name: 'slow',
      trigger: hook,
      steps: [{ kind: 'tool', name: 'wait', server: 'echo', tool: 'slow', arguments: { steps: 6_000 } }],
    }),
  )
  for (const [how, status, code] of [
    ['cancel', 'cancelled', 'cancelled'],
    ['off', 'interrupted', 'rule_ended'],
  ]) {
    const event = fire(engine, {})
    const stop = new AbortController()
    for await (const _ of engine.hub.follow({}, stop.signal)) {
      if (engine.hub.snapshot.running.some(({ action, status: now }) => action === 'slow' && now === 'running')) break
    }
    const [run] = (await api.rules.runs({ rule: id })).items
    if (how === 'cancel') await api.tasks.cancel({ task_id: run!.id })
    else await api.rules.enable({ id, enabled: false })
    expect(await ended(engine, event)).toMatchObject({ status, failure: { code } })
    const tasks = await Promise.all(
      [run!.id, (await childrenOf(api, run!.id))[0]!.task_id].map((task_id) => api.tasks.get({ task_id })),
    )
    expect(tasks.map((task) => task.status)).toEqual(['cancelled', 'cancelled'])
    expect(tasks.every((task) => isFinished(task.status))).toBe(true)
  }
})

test('what is wrong with a rule is told with its place, and it is not saved', async () => {
  await using host = await temporaryHost()
  await using engine = await createEngine(host)
  const api = client(engine)
  const written = rule({
    name: 'wrong',
    trigger: { kind: 'schedule', cron: '61 * * * *', time_zone: null },
    conditions: ['event.name ==', '1 + 1'],
    steps: [
      echoStep('${steps.later.text} ${unknown}'),
      { ...echoStep('x'), name: 'say', server: 'nobody' },
      {
        kind: 'http',
        name: 'later',
        url: 'https://${event.payload.host}/x',
        headers: { authorization: '${secret:KEY}' },
      },
    ],
    limits: { tools: [{ server: 'echo', tool: 'echo' }] },
  })
  const { problems } = await api.rules.validate(written)
  expect(problems.map(({ path, severity, column }) => [path, severity, column])).toEqual([
    ['/conditions/0', 'error', 14],
    ['/conditions/1', 'error', 1],
    ['/steps/0/arguments/text', 'error', 23],
    ['/steps/1/name', 'error', null],
    ['/trigger/cron', 'error', null],
    ['/steps/1/tool', 'error', null],
    ['/steps/2/url', 'error', null],
    ['/steps/0/server', 'warning', null],
  ])
  await expect(api.rules.create(written)).rejects.toMatchObject({ code: 'invalid_rule' })
  expect((await api.rules.list()).items).toEqual([])
})

test('a secret in the open keeps a rule from being saved, and two rules cannot share a name', async () => {
  await using host = await temporaryHost()
  await using engine = await createEngine(host)
  const api = client(engine)
  const http = (authorization: string) =>
    rule({
      name: 'calls',
      enabled: false,
      trigger: hook,
      steps: [{ kind: 'http', name: 'call', url: 'https://api.example.com/x', headers: { authorization } }],
    })
  const token = `ghp_${'a1B2'.repeat(9)}`
  await expect(api.rules.create(http(`Bearer ${token}`))).rejects.toMatchObject({ code: 'invalid_rule' })
  await api.rules.create(http('Bearer ${secret:GITHUB}'))
  await expect(api.rules.create(http('Bearer ${secret:GITHUB}'))).rejects.toMatchObject({ code: 'rule_exists' })
})

test('limits hold: what comes too fast or does not fit into the queue is refused and says so', async () => {
  await using host = await temporaryHost()
  await using engine = await withEcho(host)
  const api = client(engine)
  const slow = { kind: 'tool', name: 'wait', server: 'echo', tool: 'slow', arguments: { steps: 6_000 } }
  const full = await api.rules.create(
    rule({ name: 'full', trigger: hook, steps: [slow], limits: { concurrency: 1, queue: 1 } }),
  )
  const fast = await api.rules.create(
    rule({ name: 'fast', trigger: hook, steps: [echoStep('x')], limits: { rate: { runs: 2, per_s: 3600 } } }),
  )
  const events = [fire(engine, {}), fire(engine, {}), fire(engine, {})]
  expect(await ended(engine, events[2]!, full.id)).toMatchObject({
    status: 'refused',
    failure: { code: 'too_many_runs' },
  })
  expect(await ended(engine, events[2]!, fast.id)).toMatchObject({
    status: 'refused',
    failure: { code: 'rate_limited' },
  })
  expect(await ended(engine, events[1]!, fast.id)).toMatchObject({ status: 'completed' })
  const view = await api.rules.get({ id: full.id })
  expect([view.running, view.waiting]).toEqual([1, 1])
  // What waits is as cancellable as what runs, and its task says that it waits.
  const [waiting] = (await api.rules.runs({ rule: full.id, status: ['queued'] })).items
  expect(await api.tasks.get({ task_id: waiting!.id })).toMatchObject({ status: 'queued' })
  await api.tasks.cancel({ task_id: waiting!.id })
  expect(await ended(engine, events[1]!, full.id)).toMatchObject({ status: 'cancelled', steps: [] })
})

test('a rule that fires itself is stopped after five runs', async () => {
  await using host = await temporaryHost()
  await using engine = await withEcho(host)
  const api = client(engine)
  const { id } = await api.rules.create(
    rule({ name: 'loop', trigger: { kind: 'event', events: ['agent.task.completed'] }, steps: [echoStep('again')] }),
  )
  await api.tasks.create({ agent: echo, action: 'echo', parameters: { text: 'go' } })
  const stop = new AbortController()
  for await (const _ of engine.hub.follow({}, stop.signal)) {
    if (engine.hub.snapshot.rules[0]?.last_run?.status === 'refused') break
  }
  const runs = (await api.rules.runs({ rule: id })).items.reverse()
  expect(runs.map(({ depth, status }) => [depth, status])).toEqual([
    ...[0, 1, 2, 3, 4].map((depth) => [depth, 'completed']),
    [5, 'refused'],
  ])
  expect(runs.at(-1)?.failure?.code).toBe('loop_stopped')
})

test('a tool that the limits do not name is not called, even where the rule was stored before they did', async () => {
  await using host = await temporaryHost()
  await writeConfig(host)
  const written = rule({ name: 'old', trigger: hook, steps: [echoStep('x')] })
  const limits = { ...written.limits, tools: [{ server: echo, tool: 'fail' }] }
  await using engine = await withEcho(host)
  const api = client(engine)
  await expect(api.rules.create({ ...written, limits })).rejects.toMatchObject({ code: 'invalid_rule' })
  const result = await toolStep(
    {
      kind: 'tool',
      step: written.steps[0] as StepOf<'tool'>,
      condition: null,
      arguments: { kind: 'plain', value: {} },
    },
    {
      rule: { ...written, limits, id: '' as RuleId },
      parent: '' as TaskId,
      scope: emptyScope,
      signal: new AbortController().signal,
    },
    { start: () => Promise.reject(new Error('it was called')), cancel: () => Promise.reject(new Error('never')) },
  )
  expect(result).toMatchObject({ status: 'failed', task_id: null, failure: { code: 'tool_not_allowed' } })
})

test('the same event runs a rule once, and what a killed program left open is closed and says why', async () => {
  await using host = await temporaryHost()
  await writeConfig(host)
  let id: RuleId
  const event: DomainEvent = {
    id: uuidV7(),
    at: new Date().toISOString(),
    name: 'webhook.received',
    version: 1,
    payload: { hook: 'ci', delivery_id: '1', content_type: null, body: {} },
  }
  {
    await using engine = await withEcho(host)
    const api = client(engine)
    id = (await api.rules.create(rule({ name: 'once', trigger: hook, steps: [echoStep('x')] }))).id
    await engine.bus.hand(event)
    await ended(engine, event.id)
    await engine.bus.hand(event)
    expect((await api.rules.runs({ rule: id })).items).toHaveLength(1)
    expect((await api.tasks.list({ origin: ['rule:once'], action: ['run'] })).items).toHaveLength(1)
  }
  // As a program leaves it that is killed within a run.
  const sqlite = new Database(join(host.home, 'signalbox.db'))
  sqlite.exec("update rule_runs set status = 'running', finished_at = null")
  sqlite.close()
  await using engine = await withEcho(host)
  await engine.bus.hand(event)
  const { items } = await client(engine).rules.runs({ rule: id })
  expect(items).toMatchObject([{ status: 'interrupted', failure: { code: 'interrupted' } }])
})
