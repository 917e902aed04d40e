import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { expect, test, vi } from 'vitest'
import { openStage } from '../api/test-scenes.ts'
import { samplesOf } from './test-scrape.ts'

/** A stage whose metrics are on, and a scrape of them. */
async function openScraped() {
  const stage = await openStage()
  const authorization = `Bearer ${(await readFile(join(stage.home, 'token'), 'utf8')).trim()}`
  await stage.did('settings.set', {}, { metrics_endpoint: true })
  const scrape = async () =>
    samplesOf(await (await fetch(`${stage.url}/metrics`, { headers: { authorization } })).text())
  return { ...stage, authorization, scrape }
}

test('what a scrape looks up rises and falls with what it tells of', async () => {
  await using stage = await openScraped()
  const { did, url, authorization, scrape } = stage
  const scraped = (expected: Record<string, number>): Promise<void> =>
    vi.waitFor(async () => expect(await scrape()).toMatchObject(expected), { timeout: 30_000, interval: 100 })
  const idle = {
    'signalbox_tasks_open{status="queued"}': 0,
    'signalbox_tasks_open{status="running"}': 0,
    'signalbox_tasks_open{status="input_required"}': 0,
    signalbox_approvals_waiting: 0,
    signalbox_questions_waiting: 0,
    signalbox_gateway_in_flight: 0,
    signalbox_gateway_sessions: 0,
  }
  await scraped(idle)

  const client = new Client({ name: 'of the legacy era', version: '1' })
  const requestInit = { headers: { authorization } }
  const transport = new StreamableHTTPClientTransport(new URL(`${url}/mcp`), { requestInit })
  await client.connect(transport)
  const called = client.callTool({ name: 'hinted_wait', arguments: {} })
  await scraped({ signalbox_gateway_in_flight: 1, signalbox_gateway_sessions: 1 })
  const one = { id: crypto.randomUUID(), tool: 'wait', concurrency: { max: 1, queue: 5 } }
  await did('limits.set', {}, { limits: [one] })
  for (let count = 0; count < 2; count++) await did('tasks.create', {}, { agent: 'hinted', action: 'wait' })
  await did('approvals.saveRule', { id: crypto.randomUUID() }, { name: 'ask', server: 'hinted', tool: 'remove' })
  const held = await did('tasks.create', {}, { agent: 'hinted', action: 'remove', parameters: { path: '/' } })
  await scraped({
    'signalbox_tasks_open{status="queued"}': 1,
    'signalbox_tasks_open{status="running"}': 2,
    'signalbox_tasks_open{status="input_required"}': 1,
    signalbox_approvals_waiting: 1,
    signalbox_gateway_in_flight: 1,
    signalbox_gateway_sessions: 1,
  })
  await did('tasks.create', {}, { agent: 'asking', action: 'test_input_required_result_elicitation' })
  await scraped({ signalbox_questions_waiting: 1 })

  await did('approvals.decide', { id: held.task_id }, { verdict: 'deny' })
  const [question] = (await did('questions.list')).items
  await did('questions.answer', { id: question.id }, { answer: { kind: 'decline' } })
  for (let count = 0; count < 2; count++) {
    await did('tasks.create', {}, { agent: 'hinted', action: 'release' })
    await scraped({ 'signalbox_tasks_open{status="queued"}': 0 })
  }
  await called
  await transport.terminateSession()
  await client.close()
  await scraped(idle)
})

test('what a scrape says of the program and of its servers is what the system says', async () => {
  await using stage = await openScraped()
  const { did, scrape } = stage
  await did('tasks.create', {}, { agent: 'hinted', action: 'look', parameters: { text: 'a' } })
  const samples = await scrape()
  expect(samples).toMatchObject({
    'signalbox_info{version="0.0.0-test"}': 1,
    'signalbox_server_wished{server="hinted"}': 1,
    'signalbox_server_wished{server="spare"}': 0,
    'signalbox_server_ready{server="spare"}': 0,
    signalbox_disk_full: 0,
  })
  const started = samples.process_start_time_seconds!
  expect(Math.abs(Date.now() / 1000 - process.uptime() - started)).toBeLessThan(60)
  expect(samples.nodejs_heap_size_used_bytes).toBeGreaterThan(1e6)
  expect(samples.nodejs_heap_size_used_bytes).toBeLessThan(samples.process_resident_memory_bytes! * 2)
  expect(samples.process_cpu_seconds_total).toBeGreaterThan(0)
  for (const name of ['signalbox_store_bytes{store="tasks"}', 'signalbox_store_bytes{store="logs"}']) {
    expect([name, samples[name]! > 4096]).toEqual([name, true])
  }
  const before = samples['signalbox_log_bytes_total{server="hinted"}']!
  expect(before).toBeGreaterThan(0)
  await did('servers.stop', { id: 'hinted' })
  await vi.waitUntil(async () => (await scrape())['signalbox_log_bytes_total{server="hinted"}']! > before, 30_000)
})
