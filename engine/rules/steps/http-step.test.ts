import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createRouterClient } from '@orpc/server'
import { expect, test, vi } from 'vitest'
import { newRuleSchema, type RuleRun } from '../../../shared/rule.ts'
import type { TaskEvent } from '../../../shared/task.ts'
import { createEngine } from '../../engine.ts'
import { memoryVault } from '../../secrets/memory-vault.ts'
import { temporaryHost } from '../../test-host.ts'

/** A service that answers with one status after the other and then with 200, and what it was asked. */
async function openService(...statuses: number[]) {
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`)
    response.writeHead(statuses.shift() ?? 200, { 'content-type': 'application/json', 'x-lamp': 'lit' })
    response.end('{"lamp": "lit"}')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    asked,
    host: `127.0.0.1:${port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

interface Ran {
  readonly run: RuleRun
  /** What was decided about requests, on the time line of the first step's task. */
  readonly decisions: TaskEvent['data'][]
  /** What the notices of the rule said. */
  readonly told: unknown[]
}

async function ranOnce(allowed: string, given: Record<string, unknown>, body: unknown = {}): Promise<Ran> {
  await using host = await temporaryHost({ vault: memoryVault(new Map()) })
  await using engine = await createEngine(host)
  const api = createRouterClient(engine.router, { context: { origin: 'api' } })
  await api.settings.set({ allowed_targets: [allowed] })
  const { id } = await api.rules.create(
    newRuleSchema.parse({ name: 'call', trigger: { kind: 'webhook', hook: 'ci' }, ...given }),
  )
  const { run: begun } = await api.rules.test({ id, event: { name: 'webhook.received', payload: { body } } })
  const run = await vi.waitUntil(async () => {
    const now = await api.rules.run({ id: begun!.id })
    return now.finished_at !== null && now
  }, 60_000)
  const first = run.steps[0]!.task_id
  const events = first === null ? [] : (await api.tasks.events({ task_id: first })).items
  const { items } = await api.tasks.list({ action: ['notify'] })
  const told = await Promise.all(
    items.map(async ({ task_id }) => (await api.tasks.get({ task_id })).parameters.message),
  )
  return { run, told, decisions: events.filter(({ kind }) => kind === 'outbound').map(({ data }) => data) }
}

const call = (url: string, more: Record<string, unknown> = {}) => ({
  kind: 'http',
  name: 'call',
  method: 'GET',
  url,
  ...more,
})
const tell = (message: string) => ({ kind: 'notify', name: 'tell', title: 'Told', message })

test('a service that is busy is asked again where that does no harm, and each decision stands on the task', async () => {
  await using service = await openService(503, 502)
  const { run, decisions, told } = await ranOnce(service.host, {
    steps: [
      call(`http://${service.host}/lamp`),
      tell('${steps.call.code} ${steps.call.headers["x-lamp"]} ${steps.call.body.lamp}'),
    ],
  })
  expect(run).toMatchObject({ status: 'completed', failure: null })
  expect(told).toEqual(['200 lit lit'])
  expect(service.asked).toEqual(['GET /lamp', 'GET /lamp', 'GET /lamp'])
  expect(decisions.map(({ decision, attempt, status }) => [decision, attempt, status ?? null])).toEqual([
    ['answered', 1, 503],
    ['retry', 1, null],
    ['answered', 2, 502],
    ['retry', 2, null],
    ['answered', 3, 200],
  ])
})

test('what may do harm twice is sent once, and an answer that refuses fails the step, which others may look at', async () => {
  await using service = await openService(503)
  const { run, decisions, told } = await ranOnce(service.host, {
    steps: [
      call(`http://${service.host}/lamp`, { method: 'POST', body: {}, on_failure: 'continue' }),
      tell('${steps.call.status} ${steps.call.code} ${steps.call.failure.code}'),
    ],
  })
  expect(run.status).toBe('completed')
  expect(run.steps[0]).toMatchObject({ status: 'failed', failure: { code: 'http_status' } })
  expect(told).toEqual(['failed 503 http_status'])
  expect(service.asked).toEqual(['POST /lamp'])
  expect(decisions).toMatchObject([{ decision: 'answered', status: 503, service: 'http' }])
})

test('nothing is sent where a secret is not stored, or to a host that the limits of the rule do not name', async () => {
  await using service = await openService()
  const headers = { authorization: 'Bearer ${secret:NOBODY}' }
  const without = await ranOnce(service.host, { steps: [call(`http://${service.host}/`, { headers })] })
  expect(without.run).toMatchObject({ status: 'failed', failure: { code: 'secret_missing' } })
  const steps = [call('http://${event.payload.body.host}:${event.payload.body.port}/')]
  const elsewhere = { steps, limits: { hosts: ['api.example.com'] } }
  const { hostname, port } = new URL(`http://${service.host}`)
  const refused = await ranOnce(service.host, elsewhere, { host: hostname, port })
  expect(refused.run).toMatchObject({ status: 'failed', failure: { code: 'host_not_allowed' } })
  expect(service.asked).toEqual([])
  const named = await ranOnce(service.host, { steps, limits: { hosts: [service.host] } }, { host: hostname, port })
  expect([named.run.status, service.asked]).toEqual(['completed', ['GET /']])
})

test('an address of this machine that its owner did not allow is not called, and the task says so', async () => {
  await using service = await openService()
  const { run, decisions } = await ranOnce('hooks.example.com', { steps: [call(`http://${service.host}/`)] })
  expect(run).toMatchObject({ status: 'failed', failure: { code: 'target_refused' } })
  expect(decisions).toMatchObject([{ decision: 'refused', code: 'target_refused' }])
  expect(service.asked).toEqual([])
})
