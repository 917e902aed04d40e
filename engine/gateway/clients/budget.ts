import type { Budget, ToolCost } from '../../../shared/budget.ts'
import { type Client, isGranted, type Profile, type ProfileId, withTools } from '../../../shared/client.ts'
import type { ServerId } from '../../../shared/ids.ts'
import type { ToolUse } from '../../store/store.ts'

/** What a server serves: its tools with their costs. */
export interface ServerCosts {
  server: ServerId
  tools: readonly { name: string; tokens: number }[]
}

export interface BudgetFacts {
  encoding: string
  since: string
  servers: readonly ServerCosts[]
  clients: readonly Client[]
  profiles: readonly Profile[]
  use: readonly ToolUse[]
  /** Of each profile, how many tools `undo` would switch on again. */
  undoable(profile: ProfileId): number
}

interface Share {
  tools: number
  tokens: number
}

/** The numbers of the budget. Pure. */
export function budgetOf({ encoding, since, servers, clients, profiles, use, undoable }: BudgetFacts): Budget {
  const used = callsByTool(use)
  const active = clients.filter(({ revoked_at }) => revoked_at === null)
  const shares = new Map<string | null, Share>(
    [null, ...profiles].map((one) => [one?.id ?? null, granted(servers, one)]),
  )
  return {
    encoding,
    since,
    servers: servers.map(({ server, tools }) => ({
      server,
      ...sum(tools),
      list: tools.map((tool): ToolCost => {
        const { calls, last_at } = used.get(keyOf(server, tool.name)) ?? { calls: 0, last_at: null }
        return { ...tool, calls, last_call_at: last_at }
      }),
    })),
    everything: shares.get(null)!,
    // A profile that is gone grants nothing.
    clients: active.map(({ id, profile }) => ({ client: id, ...(shares.get(profile) ?? { tools: 0, tokens: 0 }) })),
    profiles: profiles.map((profile) => ({
      profile: profile.id,
      ...shares.get(profile.id)!,
      calls: usedBy(profile, clients, use).reduce((total, { calls }) => total + calls, 0),
      unused: unusedShare(profile, servers, clients, use),
      undoable: undoable(profile.id),
    })),
  }
}

/** Tools that the profile grants and none of its clients called, by server; servers without any are left out. */
export function unusedTools(
  profile: Profile,
  servers: readonly ServerCosts[],
  clients: readonly Client[],
  use: readonly ToolUse[],
): { server: ServerId; tools: string[] }[] {
  const called = new Set(usedBy(profile, clients, use).map(({ agent, action }) => keyOf(agent, action)))
  return servers
    .map(({ server, tools }) => ({
      server,
      tools: tools
        .map(({ name }) => name)
        .filter((name) => isGranted(profile, server, name) && !called.has(keyOf(server, name))),
    }))
    .filter(({ tools }) => tools.length > 0)
}

/** The calls of the clients that hold the profile, those of clients that are revoked meanwhile too. */
export function usedBy(profile: Profile, clients: readonly Client[], use: readonly ToolUse[]): ToolUse[] {
  const origins = new Set(clients.filter((client) => client.profile === profile.id).map(({ name }) => `client:${name}`))
  return use.filter(({ origin }) => origins.has(origin))
}

/** The profile with tools switched off, or on again. Pure. */
export function switched(
  profile: Profile,
  changes: readonly { server: ServerId; tools: readonly string[] }[],
  to: 'on' | 'off',
): Profile {
  return changes.reduce((now, { server, tools }) => withTools(now, server, tools, to === 'on'), profile)
}

function unusedShare(
  profile: Profile,
  servers: readonly ServerCosts[],
  clients: readonly Client[],
  use: readonly ToolUse[],
): Share {
  const costs = new Map(servers.map(({ server, tools }) => [server, tools]))
  const unused = unusedTools(profile, servers, clients, use).flatMap(({ server, tools }) => {
    const names = new Set(tools)
    return (costs.get(server) ?? []).filter(({ name }) => names.has(name))
  })
  return sum(unused)
}

function granted(servers: readonly ServerCosts[], profile: Profile | null): Share {
  return sum(servers.flatMap(({ server, tools }) => tools.filter(({ name }) => isGranted(profile, server, name))))
}

function sum(tools: readonly { tokens: number }[]): Share {
  return { tools: tools.length, tokens: tools.reduce((total, { tokens }) => total + tokens, 0) }
}

function callsByTool(use: readonly ToolUse[]): Map<string, { calls: number; last_at: string }> {
  const used = new Map<string, { calls: number; last_at: string }>()
  for (const { agent, action, calls, last_at } of use) {
    const before = used.get(keyOf(agent, action))
    const last = before === undefined || before.last_at < last_at ? last_at : before.last_at
    used.set(keyOf(agent, action), { calls: (before?.calls ?? 0) + calls, last_at: last })
  }
  return used
}

function keyOf(server: string, tool: string): string {
  return JSON.stringify([server, tool])
}
