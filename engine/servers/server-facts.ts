import type { Failure } from '../../shared/app-error.ts'
import type { RunId } from '../../shared/ids.ts'
import type { Era, Server, ServerState, TransportKind } from '../../shared/server.ts'
import type { ServerSpec } from '../config/server-spec.ts'
import { downloadsFirst } from '../config/settings.ts'
import type { LinkInfo, Listing } from '../links/link.ts'
import type { ServerCache, ServerMemory } from '../store/store.ts'
import { reasonOf } from './reason.ts'
import type { StartTimeline } from './start-timeline.ts'

/** All that is known about one server; the contract's `Server` is a view of it. */
export interface ServerFacts {
  spec: ServerSpec
  state: ServerState
  since: string
  wished: boolean
  /** Its start waits for others to be through. */
  isQueued: boolean
  /** Number of its last start; rises over all lives of the program. */
  starts: number
  pid: number | null
  runId: RunId | null
  /** What was really spoken, which can differ from the configured one; null until it was. */
  transport: TransportKind | null
  /** Last known under this configuration, also while it is off. */
  info: LinkInfo | null
  /** What the next start may take for granted; null: it has to ask. */
  eraVerdict: Era | null
  /** It was asked in the other era than it claims, which was no better: that is not done again. */
  isEraDoubted: boolean
  listing: Listing | null
  restarts: number
  noise: number
  clientProcesses: number
  heldTools: readonly string[]
  timeline: StartTimeline | null
  lastCallAt: string | null
  lastError: (Failure & { at: string }) | null
}

export function newFacts(
  spec: ServerSpec,
  memory: ServerMemory | null,
  cache: ServerCache | null,
  starts = 0,
): ServerFacts {
  const known = cache?.hash === spec.hash ? cache : null
  return {
    spec,
    state: restingState(spec),
    since: new Date().toISOString(),
    wished: memory?.wished ?? false,
    isQueued: false,
    starts,
    pid: null,
    runId: null,
    transport: null,
    info: known?.info ?? null,
    eraVerdict: known?.info.era ?? null,
    isEraDoubted: false,
    listing: known?.listing ?? null,
    restarts: 0,
    noise: 0,
    clientProcesses: 0,
    heldTools: [],
    timeline: null,
    lastCallAt: memory?.last_call_at ?? null,
    lastError: memory?.last_error ?? null,
  }
}

/** What a server is when nothing runs and nothing went wrong: stopped, or failed where its entry is unusable. */
export function restingState({ id, problem }: ServerSpec): ServerState {
  if (problem === null) return { state: 'stopped' }
  // The name leads the message for a list of problems; beside the server itself it would be said twice.
  return { state: 'failed', failure: { ...problem, message: problem.message.replace(`${id}: `, '') } }
}

/** It is not known whether a download is going on; commands that may download are silent until it is over. */
function isInstalling({ spec, state }: ServerFacts): boolean {
  const isSilent = state.state === 'starting' && state.step === 'first_byte'
  return isSilent && spec.launch !== null && downloadsFirst(spec.launch.command, spec.launch.args)
}

export function serverOf(id: Server['id'], facts: ServerFacts): Server {
  const { spec, state, info, listing } = facts
  return {
    id,
    number: spec.number,
    state: state.state,
    since: facts.since,
    reason: reasonOf(state, { isQueued: facts.isQueued, isInstalling: isInstalling(facts) }),
    detail: state,
    wished: facts.wished,
    pid: facts.pid,
    run_id: facts.runId,
    transport: facts.transport ?? spec.transport,
    era: info?.era ?? null,
    protocol_version: info?.protocolVersion ?? null,
    implementation: info?.implementation ?? null,
    tools: listing?.tools.length ?? null,
    resources: listing?.resources.length ?? null,
    prompts: listing?.prompts.length ?? null,
    restarts: facts.restarts,
    last_call_at: facts.lastCallAt,
    last_error: facts.lastError,
    start: facts.timeline?.snapshot() ?? null,
    held_tools: [...facts.heldTools],
    noise: facts.noise,
    client_processes: facts.clientProcesses,
  }
}
