import { type Budget, usedWithinDays } from '../../shared/budget.ts'
import {
  type Client,
  type ClientId,
  type ClientSighting,
  isGranted,
  type Profile,
  type ProfileId,
} from '../../shared/client.ts'
import { type Explanation, explainedLinks } from '../../shared/explanation.ts'
import { type ServerId, uuidV7 } from '../../shared/ids.ts'
import type { Server } from '../../shared/server.ts'
import { fixtureTools } from './fixture-records.ts'
import { openedAt } from './fixture-servers.ts'

const ago = (minutes: number): string => new Date(openedAt - minutes * 60_000).toISOString()

export const fixtureProfiles: readonly Profile[] = [
  {
    id: 'read-only' as ProfileId,
    name: 'Read only',
    others: 'off',
    servers: [{ server: 'github' as ServerId, is_on: true, tools_off: ['create_issue'] }],
  },
  {
    id: 'work' as ProfileId,
    name: 'Work',
    others: 'on',
    servers: [{ server: 'sqlite-notes' as ServerId, is_on: false, tools_off: [] }],
  },
]

export function fixtureClients(): Client[] {
  const seen = (facts: Partial<ClientSighting>): ClientSighting => ({
    first_at: ago(9000),
    last_at: ago(0),
    era: 'legacy',
    protocol_version: '2025-11-25',
    implementation: null,
    tools_served: 84,
    listed_at: ago(12),
    last_call_at: ago(3),
    ...facts,
  })
  const client = (name: string, facts: Partial<Client>): Client => ({
    id: uuidV7() as ClientId,
    name,
    program: null,
    profile: null,
    token_hint: 'x4Qz',
    created_at: ago(9_600),
    rotated_at: null,
    revoked_at: null,
    seen: null,
    ...facts,
  })
  return [
    client('Claude Desktop', {
      program: 'claude-desktop',
      profile: 'work' as ProfileId,
      seen: seen({ implementation: { name: 'claude-ai', version: '1.4.2' } }),
    }),
    client('Cursor', {
      program: 'cursor',
      rotated_at: ago(400),
      seen: seen({
        era: 'modern',
        protocol_version: '2026-07-28',
        last_at: ago(41),
        last_call_at: ago(50),
        implementation: { name: 'cursor-vscode', version: '2.1.0' },
      }),
    }),
    client('nightly-report', {
      profile: 'read-only' as ProfileId,
      seen: seen({ last_at: ago(3000), tools_served: 11 }),
    }),
    client('A script with quite a long name that nobody shortened', { created_at: ago(2) }),
    client('old laptop', { revoked_at: ago(1200), seen: seen({ last_at: ago(1300) }) }),
  ]
}

export function fixtureBudget(
  servers: readonly Server[],
  clients: readonly Client[],
  profiles: readonly Profile[],
): Budget {
  const costs = servers.map(({ id }, index) => {
    const list = fixtureTools.map(({ name }, at) => ({
      name,
      tokens: 60 + ((index * 131 + at * 97) % 900),
      calls: (index + at) % 3 === 0 ? 0 : (at * 41) % 130,
      last_call_at: (index + at) % 3 === 0 ? null : ago(at * 300),
    }))
    return { server: id, list, tools: list.length, tokens: list.reduce((sum, { tokens }) => sum + tokens, 0) }
  })
  const share = (profile: Profile | null) => {
    const tools = costs.flatMap(({ server, list }) => list.filter(({ name }) => isGranted(profile, server, name)))
    return { tools: tools.length, tokens: tools.reduce((sum, { tokens }) => sum + tokens, 0) }
  }
  const profileOf = (id: string | null) => profiles.find((profile) => profile.id === id) ?? null
  return {
    encoding: 'o200k_base',
    since: ago(usedWithinDays * 24 * 60),
    servers: costs,
    everything: share(null),
    clients: clients
      .filter(({ revoked_at }) => revoked_at === null)
      .map(({ id, profile }) => ({ client: id, ...share(profileOf(profile)) })),
    profiles: profiles.map((profile, index) => ({
      profile: profile.id,
      ...share(profile),
      calls: index * 40,
      unused: { tools: index * 21, tokens: index * 6_200 },
      undoable: index === 1 ? 4 : 0,
    })),
  }
}

export function fixtureExplanation(server: string, tool: string | undefined): Explanation {
  const at = tool === undefined ? explainedLinks.length : explainedLinks.indexOf('tool_granted')
  return {
    broken: explainedLinks[at] ?? null,
    links: explainedLinks.map((link, index) => ({
      link,
      status: index < at ? 'holds' : index === at ? 'broken' : 'not_reached',
      message: index === at ? `The profile Work has ${tool} of ${server} switched off.` : link.replaceAll('_', ' '),
      hint: index === at ? `Switch ${tool} on in the profile Work.` : null,
    })),
  }
}
