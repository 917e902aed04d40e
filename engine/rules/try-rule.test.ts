import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join, resolve } from 'node:path'
import { text } from 'node:stream/consumers'
import { createRouterClient } from '@orpc/server'
import { expect, test } from 'vitest'
import { domainEventNames, domainEventSchema } from '../../shared/domain-event.ts'
import type { ServerId } from '../../shared/ids.ts'
import { type NewRule, newRuleSchema } from '../../shared/rule.ts'
import { createEngine, type Engine } from '../engine.ts'
import { memoryVault } from '../secrets/memory-vault.ts'
import { temporaryHost } from '../test-host.ts'
import { sampleEvent } from './sample-events.ts'

const client = (engine: Engine) => createRouterClient(engine.router, { context: { origin: 'api' } })

async function writeConfig(home: string): Promise<void> {
  const mcpServers = { echo: { command: 'node', args: [resolve('test-servers/echo.mjs')] } }
  await writeFile(join(home, 'mcp.json'), JSON.stringify({ mcpServers }))
}

const rule = (given: Record<string, unknown>): NewRule => newRuleSchema.parse({ name: 'tried', ...given })

test.each(domainEventNames)('the sample of %s is a valid event', (name) => {
  expect(domainEventSchema.parse(sampleEvent(name))).toMatchObject({ name, sample: true })
})

test('a dry run shows each condition and what each step would be called with, or why not, and does nothing', async () => {
  await using host = await temporaryHost()
  await writeConfig(host.home)
  await using engine = await createEngine(host)
  const api = client(engine)
  await api.servers.start({ id: 'echo' as ServerId, wait_s: 60 })
  const held = { id: crypto.randomUUID(), name: 'ask for echo', server: 'echo', tool: 'echo' }
  await api.approvals.saveRule(held)
  const before = engine.hub.snapshot.tasks_total
  const dry = await api.rules.dryRun({
    rule: rule({
      trigger: { kind: 'github', events: ['github.issue.created'], repositories: ['acme/lamp'] },
      conditions: ['"bug" in event.payload.issue.labels', 'event.payload.issue.number > 100', 'event.payload.nothing'],
      steps: [
        {
          kind: 'tool',
          name: 'say',
          server: 'echo',
          tool: 'echo',
          arguments: { text: '${event.payload.issue.title}' },
        },
        {
          kind: 'tool',
          name: 'odd',
          server: 'echo',
          tool: 'slow',
          arguments: { steps: '${event.payload.issue.title}' },
        },
        { kind: 'tool', name: 'gone', server: 'nobody', tool: 'x', condition: 'steps.say.json.mood == "good"' },
        {
          kind: 'tool',
          name: 'skipped',
          server: 'echo',
          tool: 'echo',
          arguments: { text: 'x' },
          condition: 'steps.odd.text != ""',
        },
        { kind: 'http', name: 'near', url: 'http://127.0.0.1:9/x', headers: { authorization: 'Bearer ${secret:NO}' } },
        { kind: 'approval', name: 'ask', message: '${steps.say.text}?' },
      ],
      on_failure: [{ kind: 'notify', name: 'tell', title: 'Failed', message: '${failure.step}' }],
    }),
    steps: { say: { text: 'assumed', json: { mood: 'good' } } },
  })
  expect(dry).toMatchObject({ is_triggered: true, would_run: false, event: { sample: true } })
  expect(dry.conditions.map(({ value, is_met, failure }) => [value, is_met, failure?.code ?? null])).toEqual([
    [true, true, null],
    [false, false, null],
    [null, false, 'expression_failed'],
  ])
  expect(
    dry.steps.map(({ name, would, failure, waits_for }) => [name, would, failure?.code ?? null, waits_for]),
  ).toEqual([
    ['say', 'act', null, 'ask for echo'],
    ['odd', 'fail', 'invalid_arguments', null],
    ['gone', 'fail', 'unknown_server', null],
    ['skipped', 'skip', null, 'ask for echo'],
    ['near', 'fail', 'target_refused', null],
    ['ask', 'act', null, 'a person'],
  ])
  expect(dry.steps[0]).toMatchObject({ target: 'echo echo', arguments: { text: 'The lamp is dark' } })
  expect(dry.steps[4]).toMatchObject({ arguments: { headers: { authorization: 'Bearer ${secret:NO}' }, body: null } })
  expect(dry.steps[5]).toMatchObject({ arguments: { message: 'assumed?' } })
  expect(dry.on_failure).toMatchObject([{ name: 'tell', would: 'act', arguments: { message: 'say' } }])
  expect(engine.hub.snapshot.tasks_total).toBe(before)
  expect((await api.rules.runs({})).items).toEqual([])
})

test('a test event is marked, goes to its rule alone, and its steps are really done although the rule is off', async () => {
  await using host = await temporaryHost()
  await using engine = await createEngine(host)
  const api = client(engine)
  const notify = { kind: 'notify', name: 'tell', title: 'Hello', message: '${event.payload.body.word}' }
  const trigger = { kind: 'webhook', hook: 'ci' }
  const { id } = await api.rules.create(
    rule({ trigger, conditions: ['event.payload.body.word != "no"'], steps: [notify] }),
  )
  const other = await api.rules.create(rule({ name: 'other', enabled: true, trigger, steps: [notify] }))
  const given = (body: unknown) => ({ id, event: { name: 'webhook.received' as const, payload: { body } } })

  const unmet = await api.rules.test(given({ word: 'no' }))
  expect(unmet).toMatchObject({ verdict: 'unmet', failure: { code: 'condition_unmet' }, run: null })
  const wrong = { id, event: { name: 'schedule.due' as const, payload: {} } }
  expect(await api.rules.test(wrong)).toMatchObject({ verdict: 'not_its_event' })
  await expect(api.rules.test({ id, event: { name: 'webhook.received', payload: { hook: 7 } } })).rejects.toMatchObject(
    {
      code: 'invalid_event',
    },
  )

  const { run, event, verdict } = await api.rules.test(given({ word: 'yes' }))
  expect([verdict, event.sample, run?.is_sample]).toEqual(['accepted', true, true])
  for await (const { task } of await api.tasks.follow({ task_id: run!.id })) if (task.finished_at !== null) break
  expect((await api.rules.runs({})).items.map((one) => one.rule)).toEqual([id])
  expect((await api.rules.runs({ rule: other.id })).items).toEqual([])
})

test('an HTTP step sends its secret and puts it on no record; a value of an event cannot become one', async () => {
  const seen: { url: string | undefined; authorization: string | undefined; body: string }[] = []
  const outside = createServer(async (request, response) => {
    seen.push({ url: request.url, authorization: request.headers.authorization, body: await text(request) })
    if (request.url?.startsWith('/items/away')) {
      response.writeHead(307, { location: `http://localhost:${port}/elsewhere` }).end()
      return
    }
    response.setHeader('content-type', 'application/json')
    response.end('{"id": 7}')
  }).listen(0, '127.0.0.1')
  await once(outside, 'listening')
  const { port } = outside.address() as AddressInfo
  const secret = 'correct-horse-battery-staple'
  await using host = await temporaryHost({ vault: memoryVault(new Map([['API', secret]])) })
  await using engine = await createEngine(host)
  const api = client(engine)
  await api.settings.set({ allowed_targets: [`127.0.0.1:${port}`, `localhost:${port}`] })
  const made = await api.rules.create(
    rule({
      trigger: { kind: 'webhook', hook: 'ci' },
      steps: [
        {
          kind: 'http',
          name: 'call',
          url: `http://127.0.0.1:${port}/items/\${event.payload.body.id}?key=\${secret:API}`,
          headers: { Authorization: 'Bearer ${secret:API}' },
          body: { word: '${event.payload.body.word}', whole: '${event.payload.body}' },
        },
        { kind: 'notify', name: 'tell', title: 'Made', message: '${steps.call.code} ${steps.call.body.id}' },
      ],
    }),
  )
  const run = async (body: unknown) => {
    const event = { name: 'webhook.received' as const, payload: { body } }
    const { run: begun } = await api.rules.test({ id: made.id, event })
    for await (const { task } of await api.tasks.follow({ task_id: begun!.id })) if (task.finished_at !== null) break
    return api.rules.run({ id: begun!.id })
  }
  const word = '${secret:API}'
  expect(await run({ id: 'a/b c?', word })).toMatchObject({ status: 'completed' })
  expect(seen).toEqual([
    {
      url: `/items/a/b%20c%3F?key=${secret}`,
      authorization: `Bearer ${secret}`,
      body: JSON.stringify({ word, whole: { id: 'a/b c?', word } }),
    },
  ])
  const { items } = await api.tasks.list({})
  const tasks = await Promise.all(items.map(({ task_id }) => api.tasks.get({ task_id })))
  expect(JSON.stringify(tasks)).not.toContain(secret)
  const told = tasks.find(({ action }) => action === 'notify')
  expect(told?.parameters).toMatchObject({ message: '200 7' })
  expect(await run({ id: '..', word })).toMatchObject({ status: 'failed', failure: { code: 'url_climbs' } })
  expect(seen).toHaveLength(1)
  // A redirect reaches no host that the rule does not name, allowed as it is for others.
  expect(await run({ id: 'away', word })).toMatchObject({ status: 'failed', failure: { code: 'host_not_allowed' } })
  expect(seen).toHaveLength(2)
  outside.close()
})
