import { expect, test } from 'vitest'
import type { Client, Profile } from '../../../shared/client.ts'
import { explainedLinks } from '../../../shared/explanation.ts'
import type { ServerId } from '../../../shared/ids.ts'
import type { Server, ServerState } from '../../../shared/server.ts'
import { explainMissing, type MissingFacts } from './explain-tool.ts'

const failure = { code: 'x', message: 'it says no', hint: 'Ask it again.' }
const ready = { id: 'github', wished: true, held_tools: [] as string[], state: 'ready' }
const server = (facts: Partial<Server>): Server =>
  ({ ...ready, detail: { state: facts.state ?? 'ready', failure }, ...facts }) as unknown as Server
const inState = (detail: ServerState): Server => server({ state: detail.state, detail })
const client = (facts: Partial<Client>): Client =>
  ({ name: 'cursor', program: 'cursor', profile: null, revoked_at: null, seen: null, ...facts }) as Client
const sighting = {
  first_at: '2026-11-22T10:00:00.000Z',
  last_at: '2026-11-22T12:00:00.000Z',
  era: 'legacy',
  protocol_version: '2025-11-25',
  implementation: null,
  tools_served: 20,
  listed_at: '2026-11-22T12:00:00.000Z',
  last_call_at: null,
} as const
const profile = (facts: Partial<Profile>): Profile =>
  ({ id: 'work', name: 'Work', others: 'on', servers: [], ...facts }) as Profile
const github = 'github' as ServerId

/** Everything holds. */
const well: MissingFacts = {
  client: client({ seen: sighting }),
  profile: null,
  grantsChangedAt: '2026-11-22T11:00:00.000Z',
  servedChangedAt: '2026-11-22T11:30:00.000Z',
  serverId: 'github',
  server: server({}),
  listed: ['search', 'create_issue'],
  tool: 'search',
  servedName: 'github_search',
}

test('where all links hold, none is said to be broken', () => {
  const { broken, links } = explainMissing(well)
  expect([broken, links.map(({ link }) => link)]).toEqual([null, explainedLinks])
  expect(new Set(links.map(({ status }) => status))).toEqual(new Set(['holds']))
})

const listing = { listed: null, tool: 'search' }
test.each([
  ['client_admitted', 'a revoked token', { client: client({ revoked_at: '2026-11-22T12:00:00.000Z' }) }],
  ['server_known', 'a server that is not configured', { server: null, listed: null }],
  ['server_wished', 'a server that is switched off', { server: server({ wished: false }) }],
  [
    'consent_held',
    'a server that nobody agreed to',
    { server: inState({ state: 'needs_consent', failure }), ...listing },
  ],
  ['consent_held', 'a tool that is worded otherwise', { server: server({ held_tools: ['search'] }) }],
  [
    'server_listed',
    'a server that failed before it told its tools',
    { server: inState({ state: 'failed', failure }), listed: null },
  ],
  [
    'server_listed',
    'a server that starts for the first time',
    { server: inState({ state: 'starting', step: 'spawn' }), ...listing },
  ],
  ['tool_listed', 'a tool that the server does not have', { tool: 'seach' }],
  ['server_granted', 'a profile without the server', { profile: profile({ others: 'off' }) }],
  [
    'tool_granted',
    'a tool switched off',
    { profile: profile({ servers: [{ server: github, is_on: true, tools_off: ['search'] }] }) },
  ],
  ['name_known', 'a tool that the catalog does not serve', { servedName: null }],
  ['client_asked', 'a client that never called', { client: client({}) }],
  ['client_asked', 'a client that never listed', { client: client({ seen: { ...sighting, listed_at: null } }) }],
  ['client_asked', 'a change since its last list', { grantsChangedAt: '2026-11-22T12:30:00.000Z' }],
  ['client_cap', 'more tools than the program takes', { client: client({ seen: { ...sighting, tools_served: 200 } }) }],
] as const)('%s is what broke with %s', (link, _, facts) => {
  const { broken, links } = explainMissing({ ...well, ...facts } as MissingFacts)
  expect(broken).toBe(link)
  const at = links.findIndex((one) => one.link === link)
  expect(links.map(({ status }) => status)).toEqual(
    links.map((_, i) => (i < at ? 'holds' : i === at ? 'broken' : 'not_reached')),
  )
  expect(links.map(({ hint }) => hint !== null)).toEqual(links.map((_, i) => i === at))
})

test('the later one of the changes that a client missed is named', () => {
  const servedChangedAt = '2026-11-22T12:10:02.000Z'
  const { broken, links } = explainMissing({ ...well, grantsChangedAt: '2026-11-22T12:05:00.000Z', servedChangedAt })
  expect(broken).toBe('client_asked')
  expect(links.find(({ link }) => link === 'client_asked')?.message).toContain('the tools of github changed')
})

test('a server that restarts is served from its last listing', () => {
  const until = '2026-11-22T12:10:00.000Z'
  const { broken } = explainMissing({ ...well, server: inState({ state: 'backing_off', until, attempt: 2, failure }) })
  expect(broken).toBeNull()
})

test('asked after a server as a whole, links of a tool are left out', () => {
  const { broken, links } = explainMissing({ ...well, tool: null, servedName: null })
  expect([broken, links.filter(({ link }) => ['tool_listed', 'tool_granted', 'name_known'].includes(link))]).toEqual([
    null,
    [],
  ])
})

test('a misspelt tool is answered with the one that was likely meant', () => {
  const found = explainMissing({ ...well, tool: 'github_createIssue' }).links.find(({ link }) => link === 'tool_listed')
  expect(found?.hint).toBe('Did you mean create_issue?')
})
