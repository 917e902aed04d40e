import { writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { createRouterClient } from '@orpc/server'
import { expect, test } from 'vitest'
import type { ServerId } from '../../shared/ids.ts'
import { openHttpFace } from '../api/http-face.ts'
import { createEngine, type Engine } from '../engine.ts'
import { temporaryHost } from '../test-host.ts'
import { samplesOf } from './test-scrape.ts'

const client = (engine: Engine) => createRouterClient(engine.router, { context: { origin: 'api' } })

type Face = Awaited<ReturnType<typeof openFace>>

async function openFace(engine: Engine, home: string) {
  const { router, gateway, metrics } = engine
  return openHttpFace({ router, gateway, metrics, facts: engine, home, version: '0.0.0', port: 0, pageDir: null })
}

const get = (face: Face, token: string, path = '/metrics'): Promise<Response> =>
  fetch(`${face.url}${path}`, { headers: { authorization: `Bearer ${token}` } })

const codeOf = async (response: Response): Promise<unknown> => ((await response.json()) as { code: unknown }).code

const echo = 'echo' as ServerId

/** One server, `echo`, that is not started. */
async function configureEcho(home: string): Promise<void> {
  const args = [resolve('test-servers/echo.mjs')]
  await writeFile(join(home, 'mcp.json'), JSON.stringify({ mcpServers: { echo: { command: 'node', args } } }))
}

async function call(engine: Engine, action: string, parameters: Record<string, unknown> = {}): Promise<void> {
  const api = client(engine)
  const { task_id } = await api.tasks.create({ agent: echo, action, parameters })
  for await (const { task } of await api.tasks.follow({ task_id })) if (task.finished_at !== null) return
}

/** A call over the gateway, of a modern client. */
async function callAsClient(face: Face, name: string, args: Record<string, unknown>): Promise<void> {
  const headers = {
    authorization: `Bearer ${face.token}`,
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
    'mcp-protocol-version': '2026-07-28',
    'mcp-method': 'tools/call',
    'mcp-name': name,
  }
  const meta = {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientCapabilities': {},
  }
  const params = { name, arguments: args, _meta: meta }
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params })
  const answer = await fetch(`${face.url}/mcp`, { method: 'POST', headers, body })
  expect(answer.status).toBe(200)
  await answer.text()
}

test('answers nothing while it is switched off, to nobody without a token, and to its token nothing else', async () => {
  await using host = await temporaryHost()
  await using engine = await createEngine(host)
  await using face = await openFace(engine, host.home)
  const api = client(engine)
  const off = await get(face, face.token)
  expect([off.status, await codeOf(off)]).toEqual([404, 'metrics_off'])
  await api.settings.set({ metrics_endpoint: true })
  const { token } = await api.metrics.newToken()
  expect((await get(face, face.token)).status).toBe(200)
  expect((await fetch(`${face.url}/metrics`)).status).toBe(401)
  expect((await get(face, 'sbm_x')).status).toBe(401)
  expect((await get(face, token)).headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
  for (const path of ['/api/v1/snapshot', '/api/v1/metrics/status', '/mcp', '/']) {
    const refused = await get(face, token, path)
    expect([path, refused.status, await codeOf(refused)]).toEqual([path, 403, 'metrics_scope'])
  }
  expect(samplesOf(await (await get(face, token)).text())).toMatchObject({
    'signalbox_refusals_total{code="metrics_scope"}': 4,
    'signalbox_refusals_total{code="unauthorized"}': 2,
  })
  const renewed = await api.metrics.newToken()
  expect((await get(face, token)).status).toBe(401)
  expect(await api.metrics.revokeToken()).toEqual({ revoked: true })
  expect((await get(face, renewed.token)).status).toBe(401)
})

test('the token and the switch are still what they were after a restart', async () => {
  await using host = await temporaryHost()
  let token: string
  {
    await using engine = await createEngine(host)
    await client(engine).settings.set({ metrics_endpoint: true })
    token = (await client(engine).metrics.newToken()).token
  }
  await using engine = await createEngine(host)
  await using face = await openFace(engine, host.home)
  expect(await client(engine).metrics.status()).toMatchObject({ is_on: true, has_token: true })
  expect((await get(face, token)).status).toBe(200)
})

test('a scrape counts calls once each, by agent and tool, whoever called, and tells how the servers are', async () => {
  await using host = await temporaryHost()
  await configureEcho(host.home)
  await using engine = await createEngine(host)
  await using face = await openFace(engine, host.home)
  const api = client(engine)
  await api.servers.start({ id: echo, wait_s: 30 })
  await call(engine, 'echo', { text: 'before it was on' })
  await api.settings.set({ metrics_endpoint: true })
  await call(engine, 'echo', { text: 'one' })
  await call(engine, 'echo', { text: 'two' })
  await call(engine, 'fail')
  await callAsClient(face, 'echo_echo', { text: 'three' })
  const samples = samplesOf(await (await get(face, face.token)).text())
  expect(samples).toMatchObject({
    'agent_requests_total{agent_name="echo",action="echo"}': 3,
    'agent_requests_total{agent_name="echo",action="fail"}': 1,
    'agent_errors_total{agent_name="echo",error_type="tool_error"}': 1,
    'agent_latency_seconds_count{agent_name="echo"}': 4,
    'agent_latency_seconds_bucket{le="+Inf",agent_name="echo"}': 4,
    'signalbox_gateway_calls_total{status="completed"}': 1,
    'signalbox_server_state{server="echo",state="ready"}': 1,
    'signalbox_server_ready{server="echo"}': 1,
    'signalbox_server_restarts_total{server="echo"}': 0,
    'signalbox_tasks_open{status="running"}': 0,
    signalbox_gateway_in_flight: 0,
  })
  expect(samples['signalbox_log_lines_total{server="echo"}']).toBeGreaterThan(0)
  expect(samples['database_query_duration_seconds_count{query_type="journal_write"}']).toBeGreaterThan(0)
  expect(samples.process_resident_memory_bytes).toBeGreaterThan(1e6)
  // Switched off and on again it has forgotten.
  await api.settings.set({ metrics_endpoint: false })
  await api.settings.set({ metrics_endpoint: true })
  const anew = samplesOf(await (await get(face, face.token)).text())
  expect(Object.keys(anew).filter((name) => name.startsWith('agent_requests_total'))).toEqual([])
})

test('the charts show what was called before a restart, by the minute and by tool', async () => {
  await using host = await temporaryHost()
  await configureEcho(host.home)
  {
    await using engine = await createEngine(host)
    await client(engine).servers.start({ id: echo, wait_s: 30 })
    await call(engine, 'echo', { text: 'one' })
    await call(engine, 'fail')
  }
  await using engine = await createEngine(host)
  const api = client(engine)
  for (const range of ['15m', '24h', '30d'] as const) {
    const { total, points } = await api.metrics.calls({ range })
    expect(total).toMatchObject({ calls: 2, errors: 1 })
    expect(points.reduce((sum, { calls }) => sum + calls, 0)).toBe(2)
  }
  expect((await api.metrics.calls({ range: '15m' })).points.length).toBe(15)
  expect((await api.metrics.calls({ range: '1h', server: echo, tool: 'fail' })).total).toMatchObject({
    calls: 1,
    errors: 1,
  })
  const { servers, tools } = await api.metrics.tools({ range: '1h' })
  expect(servers).toMatchObject([{ server: 'echo', tool: null, calls: 2, errors: 1 }])
  expect(new Set(tools.map(({ tool }) => tool))).toEqual(new Set(['echo', 'fail']))
  const { series, step_s } = await api.metrics.gauges({ range: '15m' })
  expect(step_s).toBe(60)
  const memory = series.find(({ name }) => name === 'engine_memory_mb')
  expect(memory?.points.length).toBe(15)
  expect(memory?.points.at(-1)?.max ?? memory?.points.at(-2)?.max).toBeGreaterThan(10)
})

test.each([
  { range: '1h', step_s: 90 },
  { range: '7d', step_s: 60 },
  { range: '1h', step_s: 7200 },
] as const)('refuses %o, which no windows fit', async (span) => {
  await using host = await temporaryHost()
  await using engine = await createEngine(host)
  await expect(client(engine).metrics.calls(span)).rejects.toMatchObject({ code: 'invalid_step' })
})
