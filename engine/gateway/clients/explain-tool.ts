import { type Client, isGranted, type Profile } from '../../../shared/client.ts'
import { type ExplainedLink, type Explanation, explainedLinks } from '../../../shared/explanation.ts'
import type { Server } from '../../../shared/server.ts'
import { toolCapOf } from './client-caps.ts'

/** What is known now about a tool that a person misses in a client. */
export interface MissingFacts {
  client: Client
  profile: Profile | null
  /** When what the client may reach last changed. */
  grantsChangedAt: string
  /** As asked for: it may not be configured. */
  serverId: string
  server: Server | null
  /** Names as the server gave them, held ones too; null when never listed. */
  listed: readonly string[] | null
  /** As the server names it; null asks after the server as a whole. */
  tool: string | null
  /** When the tools that are served of it last became others; null where none was. */
  servedChangedAt: string | null
  /** The name that clients see; null where the catalog has none. */
  servedName: string | null
}

type LinkName = Explanation['links'][number]['link']
type Finding = { holds: true; message: string } | { holds: false; message: string; hint: string }

const holds = (message: string): Finding => ({ holds: true, message })
const broken = (message: string, hint: string): Finding => ({ holds: false, message, hint })

/** Walks from the configuration to the client and names the first link that broke. Pure. */
export function explainMissing(facts: MissingFacts): Explanation {
  const asked = explainedLinks.filter((link) => facts.tool !== null || !aboutTool.has(link))
  const links: ExplainedLink[] = []
  let first: LinkName | null = null
  for (const link of asked) {
    if (first !== null) {
      links.push({ link, status: 'not_reached', message: notReached[link], hint: null })
      continue
    }
    const finding = checks[link](facts)
    if (finding.holds) links.push({ link, status: 'holds', message: finding.message, hint: null })
    else {
      links.push({ link, status: 'broken', message: finding.message, hint: finding.hint })
      first = link
    }
  }
  return { broken: first, links }
}

const aboutTool: ReadonlySet<LinkName> = new Set(['tool_listed', 'tool_granted', 'name_known'])

const notReached: Readonly<Record<LinkName, string>> = {
  client_admitted: 'Whether its token is good',
  server_known: 'Whether the server is configured',
  server_wished: 'Whether the server is wanted on',
  server_listed: 'Whether the server has told its tools',
  consent_held: 'Whether what it runs and its tools were agreed to',
  tool_listed: 'Whether the server has the tool',
  server_granted: 'Whether the profile grants the server',
  tool_granted: 'Whether the profile grants the tool',
  name_known: 'Under which name clients see it',
  client_asked: 'Whether the client has asked for its list since',
  client_cap: 'Whether the client takes so many tools',
}

const checks: Readonly<Record<LinkName, (facts: MissingFacts) => Finding>> = {
  client_admitted({ client }) {
    if (client.revoked_at === null) return holds(`The token of ${client.name} is good.`)
    return broken(`The token of ${client.name} was revoked.`, 'Remove the client and connect it anew.')
  },
  server_known({ server, serverId }) {
    if (server !== null) return holds(`${serverId} is configured.`)
    return broken(`There is no server ${serverId} in mcp.json.`, 'Add it, or import it from another program.')
  },
  server_wished: withServer((server) =>
    server.wished
      ? holds(`${server.id} is wanted on.`)
      : broken(`${server.id} is switched off.`, `Start ${server.id}.`),
  ),
  consent_held: withServer((server, { tool }) => {
    const hint = `Look at it and approve ${server.id}.`
    if (server.detail.state === 'needs_consent')
      return broken(`${server.id} waits for you: ${server.detail.failure.message}.`, hint)
    if (tool === null || !server.held_tools.includes(tool)) return holds('What it runs was agreed to.')
    return broken(`${tool} is new or worded otherwise since you agreed to ${server.id}, so it is held back.`, hint)
  }),
  server_listed: withServer((server, { listed }) => {
    const { detail } = server
    const state = detail.state.replaceAll('_', ' ')
    // Lists are served as last known while a server rests, restarts or fails.
    if (listed !== null) return holds(`${server.id} is ${state} and has told its tools: ${listed.length}.`)
    if ('failure' in detail) {
      const hint = detail.failure.hint ?? `Open ${server.id} and see its log.`
      return broken(`${server.id} is ${state} and has never told its tools: ${detail.failure.message}.`, hint)
    }
    return broken(`${server.id} is ${state} and has not told its tools yet.`, 'Wait until it is ready.')
  }),
  tool_listed({ tool, listed, serverId }) {
    if (tool !== null && listed?.includes(tool)) return holds(`${serverId} has a tool ${tool}.`)
    const near = tool === null ? undefined : nearest(tool, listed ?? [])
    const hint = near === undefined ? 'See its tools on the page of the server.' : `Did you mean ${near}?`
    return broken(`${serverId} has no tool ${tool}.`, hint)
  },
  server_granted({ profile, serverId }) {
    if (profile === null) return holds('It has no profile, so it is granted everything.')
    if (isGranted(profile, serverId)) return holds(`The profile ${profile.name} grants ${serverId}.`)
    return broken(
      `The profile ${profile.name} does not grant ${serverId}.`,
      `Switch ${serverId} on in the profile ${profile.name}, or give the client another profile.`,
    )
  },
  tool_granted({ profile, serverId, tool }) {
    if (profile === null || tool === null || isGranted(profile, serverId, tool))
      return holds(profile === null ? 'Nothing is switched off for it.' : `The profile ${profile.name} grants ${tool}.`)
    return broken(
      `The profile ${profile.name} has ${tool} of ${serverId} switched off.`,
      `Switch ${tool} on in the profile ${profile.name}.`,
    )
  },
  name_known({ tool, servedName, serverId }) {
    if (servedName !== null) return holds(`Clients see it as ${servedName}.`)
    return broken(`${tool} is not in the list that is served now.`, `Restart ${serverId}, so that it is listed anew.`)
  },
  client_asked({ client, grantsChangedAt, servedChangedAt, serverId }) {
    const { seen, name } = client
    if (seen === null)
      return broken(`${name} has not called since it was made.`, `Restart ${name}, then see whether it turns green.`)
    if (seen.listed_at === null)
      return broken(`${name} has called, but never asked for its list of tools.`, `Ask for its tools in ${name}.`)
    const changes = [
      { at: grantsChangedAt, what: 'what it may reach changed' },
      { at: servedChangedAt ?? '', what: `the tools of ${serverId} changed` },
    ]
    const missed = changes.filter(({ at }) => at > seen.listed_at!).sort((a, b) => (a.at < b.at ? 1 : -1))[0]
    if (missed === undefined) return holds(`${name} has asked for its list since the last change.`)
    return broken(
      `${name} has not asked for its list since ${missed.what}.`,
      `Have ${name} read its tools anew, or restart it.`,
    )
  },
  client_cap({ client }) {
    const cap = toolCapOf(client.program)
    const tools = client.seen?.tools_served ?? 0
    if (cap === null) return holds(`No limit of ${client.name} is known.`)
    if (tools <= cap) return holds(`${client.name} was served ${tools} tools and takes about ${cap}.`)
    return broken(
      `${client.name} was served ${tools} tools, and takes about ${cap} from all its servers: it leaves some out.`,
      'Give it a profile with fewer tools.',
    )
  },
}

function withServer(check: (server: Server, facts: MissingFacts) => Finding) {
  return (facts: MissingFacts): Finding => {
    // The link before has found that it is there.
    if (facts.server === null) throw new Error('No server to look at')
    return check(facts.server, facts)
  }
}

/** The tool that was likely meant: the same but for case and separators, or one that holds what was typed. */
function nearest(name: string, listed: readonly string[]): string | undefined {
  const plain = (text: string): string => text.toLowerCase().replace(/[^a-z0-9]/g, '')
  const wanted = plain(name)
  return (
    listed.find((other) => plain(other) === wanted) ??
    listed.find((other) => wanted.endsWith(plain(other)) || plain(other).includes(wanted))
  )
}
