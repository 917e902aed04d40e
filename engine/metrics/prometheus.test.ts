import { expect, test } from 'vitest'
import { type ServerId, type TaskId, uuidV7 } from '../../shared/ids.ts'
import type { TaskSummary } from '../../shared/task.ts'
import type { Readings } from './look-ups.ts'
import { Prometheus } from './prometheus.ts'
import { samplesOf } from './test-scrape.ts'

const nothing: Readings = {
  version: '1.2.3',
  servers: [],
  usage: null,
  tasks: { byStatus: { queued: 0, running: 0, input_required: 0 }, ofGateway: 0 },
  approvals: 0,
  questions: 0,
  sessions: 0,
  logs: [],
  stores: [],
  isDiskFull: false,
}

const prometheus = (readings: () => Partial<Readings> = () => ({}), hasTool = (_: string, __: string) => true) =>
  new Prometheus({ read: async () => ({ ...nothing, ...readings() }), hasTool })

function ended(facts: Partial<TaskSummary> & { agent?: ServerId }): TaskSummary {
  const at = '2026-11-22T14:07:15.501Z'
  return {
    task_id: uuidV7() as TaskId,
    status: 'completed',
    agent: 'notes' as ServerId,
    action: 'add',
    origin: 'page',
    parent_id: null,
    rerun_of: null,
    run_id: null,
    created_at: at,
    started_at: at,
    finished_at: at,
    duration_ms: 12,
    progress: null,
    error_code: null,
    ...facts,
  }
}

const scrape = async (metrics: Prometheus) => samplesOf(await metrics.text())

test('a task counts once it has ended, by how it ended', async () => {
  const metrics = prometheus()
  metrics.count([
    ended({ status: 'running', finished_at: null, duration_ms: null }),
    ended({ origin: 'client:Cursor' }),
    ended({ status: 'failed', error_code: 'tool_error', origin: 'owner' }),
    ended({ status: 'cancelled', error_code: 'cancelled' }),
    ended({ status: 'interrupted', error_code: null, duration_ms: null }),
  ])
  expect(await scrape(metrics)).toMatchObject({
    'agent_requests_total{agent_name="notes",action="add"}': 4,
    'agent_latency_seconds_count{agent_name="notes"}': 3,
    'agent_errors_total{agent_name="notes",error_type="tool_error"}': 1,
    'agent_errors_total{agent_name="notes",error_type="interrupted"}': 1,
    'signalbox_gateway_calls_total{status="completed"}': 1,
    'signalbox_gateway_calls_total{status="failed"}': 1,
  })
})

test('whatever callers name, the rows of a scrape are bounded', async () => {
  const metrics = prometheus(undefined, (_, action) => action.startsWith('real'))
  for (let index = 0; index < 5_000; index++) {
    metrics.count([
      ended({ action: `real_${index}` }),
      ended({ action: `made_up_${index}` }),
      ended({ agent: `server-${index}` as ServerId, status: 'failed', error_code: `code_${index}` }),
    ])
    metrics.countOutbound('http', `GET host-${index}.example`)
    metrics.countQuery(`repo_${index}`, 0.001)
  }
  const samples = await scrape(metrics)
  const rowsOf = (name: string): string[] => Object.keys(samples).filter((key) => key.startsWith(name))
  expect(rowsOf('agent_requests_total').length).toBeLessThanOrEqual(2_000 + 501)
  expect(rowsOf('agent_errors_total').length).toBeLessThanOrEqual(1_000 + 501)
  expect(rowsOf('agent_latency_seconds_count').length).toBe(501)
  expect(rowsOf('external_api_calls_total').length).toBe(201)
  expect(rowsOf('database_query_duration_seconds_count').length).toBe(101)
  expect(samples['agent_requests_total{agent_name="notes",action="other"}']).toBe(5_000 + 3_000)
  expect(samples['external_api_calls_total{service="other",endpoint="other"}']).toBe(4_800)
})

test('a full disk and the size of the stores are told as they are looked up', async () => {
  let isDiskFull = true
  const metrics = prometheus(() => ({ isDiskFull, stores: [{ store: 'tasks', bytes: 123 }] }))
  expect(await scrape(metrics)).toMatchObject({ signalbox_disk_full: 1, 'signalbox_store_bytes{store="tasks"}': 123 })
  isDiskFull = false
  expect(await scrape(metrics)).toMatchObject({ signalbox_disk_full: 0 })
})

test('what is gone leaves no row, and an old look at processes says nothing', async () => {
  const at = new Date().toISOString()
  const usage = { at, servers: [{ id: 'notes' as ServerId, cpu_percent: 50, memory_mb: 2, processes: 3 }] }
  let readings: Partial<Readings> = {
    servers: [{ id: 'notes', state: 'ready', wished: true, restarts: 2 }],
    usage,
    logs: [{ server: 'notes', lines: 5, dropped: 1, bytes: 60 }],
  }
  const metrics = prometheus(() => readings)
  for (let twice = 0; twice < 2; twice++) {
    expect(await scrape(metrics)).toMatchObject({
      'signalbox_server_state{server="notes",state="ready"}': 1,
      'signalbox_server_restarts_total{server="notes"}': 2,
      'signalbox_server_memory_bytes{server="notes"}': 2 * 2 ** 20,
      'signalbox_server_cpu_cores{server="notes"}': 0.5,
      'signalbox_log_lines_total{server="notes"}': 5,
      'signalbox_log_dropped_lines_total{server="notes"}': 1,
    })
  }
  readings = { usage: { ...usage, at: '2026-01-01T00:00:00.000Z' } }
  expect(Object.keys(await scrape(metrics)).filter((name) => name.includes('notes'))).toEqual([])
})
