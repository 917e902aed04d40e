import { writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { type Schema, Validator } from '@cfworker/json-schema'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { memoryVault } from '../secrets/memory-vault.ts'
import { temporaryHost } from '../test-host.ts'
import { apiPrefix } from './api-router.ts'
import type { JsonSchema } from './example-of.ts'
import { openProgram, type Program } from './open-program.ts'
import type { Operation, Parameter } from './openapi-operation.ts'
import { createRoutes, type RouteParts } from './routes.ts'
import { fitting, least, spoilt } from './test-input.ts'
import { document, operations, send, strayed } from './test-openapi.ts'
import { createTestRouter } from './test-router.ts'
import { openStage, scenes } from './test-scenes.ts'

/** Takes seconds, or looks at the machine itself: asked once. */
const slow: ReadonlySet<string> = new Set(['settings.measurePowerCutPrice', 'app.detectSearchPath', 'doctor.examine'])

/** What would take away what others are asked about. */
const spared: ReadonlySet<string> = new Set([
  'servers.remove',
  'servers.saveConfig',
  'conversations.remove',
  'rules.remove',
  'webhooks.removeSource',
  'clients.remove',
  'clients.revoke',
])

const aRule = {
  name: 'tell',
  trigger: { kind: 'webhook', hook: 'octo' },
  steps: [{ kind: 'notify', name: 'tell', title: 'Told', message: 'Something came' }],
}

const succeeded = new Set<string>()

const stack = new AsyncDisposableStack()
let program: Program
/** For what made-up input does not bring about. */
let stage: Awaited<ReturnType<typeof openStage>>
let known: Record<string, string>
/** By the first part of the path that an `id` is in. */
let knownIds: Record<string, string>

beforeAll(async () => {
  const host = stack.use(await temporaryHost({ vault: memoryVault(new Map()) }))
  const mcpServers = { echo: { command: 'node', args: [resolve('test-servers/echo.mjs')] } }
  await writeFile(join(host.home, 'mcp.json'), JSON.stringify({ mcpServers }))
  const opened = await openProgram({ host, port: 0, pageDir: null })
  if (opened.kind === 'held') throw new Error('a home of its own is held')
  program = stack.use(opened.program)
  await send(program, 'post', '/servers/echo/start?wait_s=60')
  const body = { agent: 'echo', action: 'echo', parameters: { text: 'a' } }
  const task = await send(program, 'post', '/tasks', body)
  const conversation = await send(program, 'post', '/conversations', { agent: 'triage' })
  const rule = await send(program, 'post', '/rules', aRule)
  const client = await send(program, 'post', '/clients', { name: 'Tester' })
  const source = await send(program, 'post', '/webhook-sources', { name: 'octo' })
  // Refused, for it is not signed, and on record as such.
  await fetch(`${program.face.url}/webhooks/octo`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{}',
  })
  const deliveries = await send(program, 'get', '/webhook-deliveries')
  const tested = await send(program, 'post', `/rules/${rule.body.id}/test`, {})
  known = { task_id: task.body.task_id, id: 'echo', agent: 'triage', what: 'tasks' }
  knownIds = {
    '/clients': client.body.client.id,
    '/conversations': conversation.body.id,
    '/rules': rule.body.id,
    '/rule-runs': tested.body.run.id,
    '/webhook-sources': source.body.source.id,
    '/webhook-deliveries': deliveries.body.items[0].id,
  }
  stage = stack.use(await openStage())
}, 120_000)

afterAll(() => stack.disposeAsync())

/** Requests of one operation: parts of the path that are there or are not, and queries and bodies that fit or do not. */
function requestsOf({ path, operation }: { path: string; operation: Operation }) {
  const { parameters = [], requestBody } = operation
  const inPath = parameters.filter((parameter) => parameter.in === 'path')
  const inQuery = parameters.filter((parameter) => parameter.in === 'query')
  const { schema: body, example } = requestBody?.content['application/json'] ?? {}
  return fc.record({
    parts: fc.record(
      Object.fromEntries(
        inPath.map((parameter) => [parameter.name, partOf(path, parameter, spared.has(operation.operationId))]),
      ),
    ),
    query: fc.oneof(fc.constant({}), queryOf(inQuery, fitting), queryOf(inQuery, anything)),
    body:
      body === undefined
        ? fc.constant(undefined)
        : fc.oneof(fc.constant(example), fitting(body), least(body), spoilt(body)),
  })
}

function queryOf(
  parameters: readonly Parameter[],
  valueFor: (schema: JsonSchema, name: string) => fc.Arbitrary<unknown>,
): fc.Arbitrary<Record<string, unknown>> {
  const members = parameters.map(({ name, schema }) => [name, valueFor(schema, name)])
  return fc.record(Object.fromEntries(members), { requiredKeys: [] })
}

const anything = () => fc.string({ maxLength: 20 })

function partOf(path: string, { name, schema }: Parameter, isSpared: boolean): fc.Arbitrary<unknown> {
  if (isSpared) return fc.oneof(fc.uuid(), fc.constant('nobody'))
  const place = /^\/[\w-]+/.exec(path)![0]
  return fc.oneof(
    fc.constant(null).map(() => (name === 'id' ? knownIds[place] : undefined) ?? known[name] ?? 'notes'),
    fitting(schema),
    fc.string({ minLength: 1, maxLength: 10 }),
  )
}

function filled(path: string, parts: Record<string, unknown>, query: Record<string, unknown>): string {
  const filledPath = path.replace(/\{(\w+)\}/g, (_, name) => {
    const part = String(parts[name])
    // A dot alone is taken for a step within the path, encoded or not.
    return /^\.{1,2}$/.test(part) ? 'dots' : encodeURIComponent(part)
  })
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    [value].flat().map((one): [string, string] => [name, String(one)]),
  )
  return pairs.length === 0 ? filledPath : `${filledPath}?${new URLSearchParams(pairs)}`
}

test.each(operations)(
  '$name answers as the document says, whatever is asked',
  async (one) => {
    const { method, path, operation } = one
    await fc.assert(
      fc.asyncProperty(requestsOf(one), async ({ parts, query, body }) => {
        const answer = await send(program, method, filled(path, parts, query), body)
        expect(strayed(operation, answer)).toBeNull()
        if (answer.status < 300) succeeded.add(operation.operationId)
      }),
      { numRuns: slow.has(operation.operationId) ? 1 : 8, seed: 7 },
    )
  },
  60_000,
)

test.each(Object.entries(scenes))(
  '%s succeeds as the document says, where things are as it needs them',
  async (id, scene) => {
    const { operation } = operations.find((one) => one.operation.operationId === id)!
    const answer = await scene(stage)
    expect({ status: answer.status, strayed: strayed(operation, answer) }, JSON.stringify(answer.body)).toEqual({
      status: Number(Object.keys(operation.responses).find((status) => status.startsWith('2'))),
      strayed: null,
    })
    succeeded.add(id)
  },
  120_000,
)

test('no operation was seen to refuse alone: each has succeeded', () => {
  const never = operations.map(({ operation }) => operation.operationId).filter((id) => !succeeded.has(id))
  expect(never).toEqual([])
})

test('the check sees an answer that the document does not have', async () => {
  const { operation } = operations.find(({ name }) => name === 'get /servers/{id}')!
  expect(strayed(operation, { status: 200, type: 'application/json', body: { id: 'echo' } })).toContain('does not fit')
  expect(strayed(operation, { status: 201, type: 'application/json', body: {} })).toContain('not declared')
  expect(strayed(operation, { status: 404, type: 'text/html', body: '' })).toContain('not declared')
})

test('every operation has a name of its own, a summary, a group, and examples that fit', () => {
  expect(new Set(operations.map(({ operation }) => operation.operationId)).size).toBe(operations.length)
  for (const { operation, name } of operations) {
    expect({ name, summary: operation.summary }).toEqual({ name, summary: expect.stringMatching(/\S/) })
    const { requestBody, responses } = operation
    const bodies = [requestBody?.content, ...Object.values(responses).map(({ content }) => content)]
    for (const media of bodies.flatMap((content) => Object.entries(content ?? {}))) {
      const [type, { schema, example }] = media as [string, { schema: Schema; example?: unknown }]
      if (type !== 'application/json') continue
      const { valid, errors } = new Validator(schema, '2020-12', false).validate(example)
      expect({ name, valid, errors: errors.slice(-1), example }).toMatchObject({ valid: true })
    }
  }
})

test('every route that REST has besides the contract stands in the document, too', () => {
  // Nothing is asked of it: its table is read.
  const parts = { router: createTestRouter().router, version: '0.0.0', url: 'http://localhost', pageDir: null }
  const { routes } = createRoutes(parts as unknown as RouteParts)
  const own = routes
    .filter(({ path, method }) => path.startsWith(`${apiPrefix}/`) && method !== 'ALL')
    .map(({ path, method }) => `${method.toLowerCase()} ${path.slice(apiPrefix.length).replaceAll(/:(\w+)/g, '{$1}')}`)
  expect(own.length).toBeGreaterThan(2)
  expect(own.filter((route) => !operations.some(({ name }) => name === route))).toEqual([])
})

test('refusals before any route are problems, too', async () => {
  const without = await send(program, 'get', '/tasks', undefined, { authorization: 'Bearer no' })
  const elsewhere = await send(program, 'get', '/nothing')
  const foreign = await send(program, 'get', '/tasks', undefined, { origin: 'https://example.com' })
  const wrongMethod = await send(program, 'delete', '/tasks')
  for (const answer of [without, elsewhere, foreign, wrongMethod]) {
    expect(answer.type).toBe('application/problem+json')
    expect(new Validator(document.components.schemas.Problem, '2020-12').validate(answer.body).valid).toBe(true)
  }
  expect([without, elsewhere, foreign, wrongMethod].map(({ status }) => status)).toEqual([401, 404, 403, 404])
})

test('a task that there is none of is not found, whatever its id looks like', async () => {
  for (const id of ['nope', '019aab3f-7c1e-7d52-9b0a-3f6c2a5e8d41', '%F0%9F%9A%A6', 'x'.repeat(200)]) {
    for (const [method, below] of [
      ['get', ''],
      ['get', '/events'],
      ['get', '/callback'],
      ['delete', ''],
      ['post', '/rerun'],
    ] as const) {
      const { status, body } = await send(program, method, `/tasks/${id}${below}`)
      expect([method, below, status, body.code]).toEqual([
        method,
        below,
        404,
        expect.stringMatching(/^(unknown_task|no_callback)$/),
      ])
    }
  }
})

test('a member that holds nothing is as good as one that is left out', async () => {
  const call = { agent: 'echo', action: 'echo', parameters: { text: 'a' } }
  const headers = { 'idempotency-key': 'nothing' }
  const first = await send(program, 'post', '/tasks', { ...call, callback_url: null }, headers)
  expect(first).toMatchObject({ status: 202, body: { status: 'queued' } })
  expect(await send(program, 'post', '/tasks', call, headers)).toEqual(first)
  const callback = await send(program, 'get', `/tasks/${first.body.task_id}/callback`)
  expect(callback).toMatchObject({ status: 404, body: { code: 'no_callback' } })
})

test('a key in the header makes one task of a request that comes twice', async () => {
  const body = { agent: 'ECHO', action: 'echo', parameters: { text: 'once' } }
  const headers = { 'idempotency-key': '"8e03978e-40d5-43dd-bc93-6894a57f9324"' }
  const first = await send(program, 'post', '/tasks', body, headers)
  expect(first).toMatchObject({ status: 202, body: { status: 'queued' } })
  expect(Object.keys(first.body).sort()).toEqual(['status', 'task_id'])
  expect(
    await send(program, 'post', '/tasks', body, { 'idempotency-key': '8e03978e-40d5-43dd-bc93-6894a57f9324' }),
  ).toEqual(first)
  const other = await send(program, 'post', '/tasks', { ...body, parameters: { text: 'twice' } }, headers)
  expect(other).toMatchObject({ status: 422, body: { code: 'idempotency_key_reused' } })
  const unreadable = await send(program, 'post', '/tasks', body, { 'idempotency-key': 'x'.repeat(256) })
  expect(unreadable).toMatchObject({ status: 400, body: { code: 'invalid_idempotency_key' } })
})
