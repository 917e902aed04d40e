import { expect, test } from 'vitest'
import type { Client, ClientId, Profile, ProfileId } from '../../../shared/client.ts'
import type { ServerId } from '../../../shared/ids.ts'
import { budgetOf, switched, unusedTools } from './budget.ts'

const notes = 'notes' as ServerId
const git = 'git' as ServerId
const servers = [
  {
    server: notes,
    tools: [
      { name: 'read', tokens: 10 },
      { name: 'write', tokens: 20 },
    ],
  },
  { server: git, tools: [{ name: 'log', tokens: 300 }] },
]
const profile: Profile = {
  id: 'work' as ProfileId,
  name: 'Work',
  others: 'on',
  servers: [{ server: git, is_on: true, tools_off: [] }],
}
const client = (name: string, facts: Partial<Client> = {}): Client =>
  ({ id: name as ClientId, name, profile: profile.id, revoked_at: null, ...facts }) as Client
const call = (agent: string, action: string, origin: string, calls: number, last_at: string) => ({
  agent,
  action,
  origin,
  calls,
  last_at,
})
const use = [
  call('notes', 'read', 'client:a', 3, '2026-11-20T00:00:00.000Z'),
  call('notes', 'read', 'page', 2, '2026-11-21T00:00:00.000Z'),
  call('git', 'log', 'client:other', 1, '2026-11-01T00:00:00.000Z'),
]

test('the budget adds up what each may see, and what its clients did not call', () => {
  const clients = [
    client('a'),
    client('other', { profile: null }),
    client('lost', { profile: 'gone' as ProfileId }),
    client('revoked', { revoked_at: '2026-11-01T00:00:00.000Z' }),
  ]
  const since = '2026-10-23T00:00:00.000Z'
  expect(budgetOf({ encoding: 'x', since, servers, clients, profiles: [profile], use, undoable: () => 4 })).toEqual({
    encoding: 'x',
    since,
    servers: [
      {
        server: 'notes',
        tools: 2,
        tokens: 30,
        list: [
          { name: 'read', tokens: 10, calls: 5, last_call_at: '2026-11-21T00:00:00.000Z' },
          { name: 'write', tokens: 20, calls: 0, last_call_at: null },
        ],
      },
      {
        server: 'git',
        tools: 1,
        tokens: 300,
        list: [{ name: 'log', tokens: 300, calls: 1, last_call_at: '2026-11-01T00:00:00.000Z' }],
      },
    ],
    everything: { tools: 3, tokens: 330 },
    clients: [
      { client: 'a', tools: 3, tokens: 330 },
      { client: 'other', tools: 3, tokens: 330 },
      { client: 'lost', tools: 0, tokens: 0 },
    ],
    profiles: [{ profile: 'work', tools: 3, tokens: 330, calls: 3, unused: { tools: 2, tokens: 320 }, undoable: 4 }],
  })
})

test('switching off what is unused and on again leaves all else of a profile alone', () => {
  const before: Profile = { ...profile, servers: [{ server: notes, is_on: true, tools_off: ['delete'] }] }
  const unused = unusedTools(before, servers, [client('a')], use)
  expect(unused).toEqual([
    { server: 'notes', tools: ['write'] },
    { server: 'git', tools: ['log'] },
  ])
  const off = switched(before, unused, 'off')
  expect(off.servers).toEqual([
    { server: 'notes', is_on: true, tools_off: ['delete', 'write'] },
    { server: 'git', is_on: true, tools_off: ['log'] },
  ])
  expect(unusedTools(off, servers, [client('a')], use)).toEqual([])
  expect(switched(off, unused, 'on').servers).toEqual([
    { server: 'notes', is_on: true, tools_off: ['delete'] },
    { server: 'git', is_on: true, tools_off: [] },
  ])
})
