import { expect, test } from 'vitest'
import type { Server, ServerState } from '../shared/server.ts'
import { testServer } from '../shared/test-snapshot.ts'
import { attentionOf } from './attention.ts'

const failure = { code: 'command_not_found', message: 'No command "uvx" on PATH.', hint: 'Install uv.' }
const now = '2026-11-22T10:00:00.000Z'

function server(id: string, detail: ServerState): Server {
  return testServer(id, { state: detail.state, detail, since: now, wished: true })
}

const calm = {
  servers: [],
  sign_ins: [],
  config: { path: '/mcp.json', revision: 0, problem: null },
  banner: null,
  interrupted: null,
  found: [],
}

test('nothing needs a person when all is as it was wanted or mends itself', () => {
  const servers = [
    server('a', { state: 'ready' }),
    server('b', { state: 'stopped' }),
    server('c', { state: 'backing_off', until: now, attempt: 2, failure }),
  ]
  expect(attentionOf({ ...calm, servers })).toEqual([])
})

test('the worst comes first', () => {
  const items = attentionOf({
    servers: [
      server('slow', { state: 'unresponsive', failure }),
      server('secret', { state: 'needs_secret', names: ['TOKEN'], failure }),
      server('broken', { state: 'failed', failure }),
    ],
    config: { path: '/mcp.json', revision: 0, problem: { message: 'comma expected', line: 58, column: 7, since: now } },
    sign_ins: [],
    banner: null,
    interrupted: { count: 3, at: now },
    found: [],
  })
  expect(items.map(({ id, severity }) => [id, severity])).toEqual([
    ['config', 'danger'],
    ['server:broken', 'danger'],
    ['server:secret', 'attention'],
    ['server:slow', 'caution'],
    ['interrupted', 'caution'],
  ])
  expect(items[0]?.message).toContain('line 58, column 7')
})
