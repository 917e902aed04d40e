import type { ServerId } from './ids.ts'
import type { Server } from './server.ts'
import { defaultSettings } from './settings.ts'
import type { Snapshot } from './snapshot.ts'

const at = '2026-11-22T10:00:00.000Z'

/** A server of a test: stopped, switched off, of which nothing is known yet, but for what is given. */
export function testServer(id: string, given: Partial<Server> = {}): Server {
  return {
    id: id as ServerId,
    number: 1,
    state: 'stopped',
    since: at,
    reason: null,
    detail: { state: 'stopped' },
    wished: false,
    pid: null,
    run_id: null,
    transport: 'stdio',
    era: null,
    protocol_version: null,
    implementation: null,
    tools: null,
    resources: null,
    prompts: null,
    restarts: 0,
    last_call_at: null,
    last_error: null,
    start: null,
    held_tools: [],
    client_processes: 0,
    noise: 0,
    ...given,
  }
}

/** What a face is told at first in a test, with nothing in it but what is given. */
export function testSnapshot(given: Partial<Snapshot> = {}): Snapshot {
  return {
    version: '0.0.0',
    home: '/home',
    url: null,
    started_at: at,
    servers: [],
    sign_ins: [],
    attention: [],
    config: { path: '/home/mcp.json', revision: 0, problem: null },
    banner: null,
    running: [],
    recent: [],
    tasks_total: 0,
    approvals: [],
    webhook_sources: [],
    deliveries: [],
    rules: [],
    clients: [],
    profiles: [],
    day: { calls: 0, failed: 0, p50_ms: null, p95_ms: null, hours: [] },
    settings: { settings: defaultSettings, can_start_on_login: false },
    questions: [],
    ...given,
  }
}
