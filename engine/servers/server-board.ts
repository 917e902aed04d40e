import type { Readable } from 'node:stream'
import type { Failure } from '../../shared/app-error.ts'
import type { RunId, ServerId } from '../../shared/ids.ts'
import type { LogLevel, LogStream } from '../../shared/log.ts'
import type { Server, ServerState } from '../../shared/server.ts'
import type { TransitionCause } from '../../shared/transition.ts'
import type { LogPipeline } from '../logs/log-pipeline.ts'
import type { Masker } from '../secrets/masker.ts'
import type { ServerRepo } from '../store/store.ts'
import { type ServerFacts, serverOf } from './server-facts.ts'
import { TransitionLog } from './transition-log.ts'

interface BoardOutlets {
  readonly store: ServerRepo
  readonly logs: Pick<LogPipeline, 'write' | 'read'>
  readonly masker: Masker
  onChange(server: Server): void
}

const soonMs = 250
/** How long calls are gathered before the last of them is stored and shown. */
const callsMs = 500

/** Where one server's facts stand: whoever changes them tells it here, and it tells faces, log and store. */
export class ServerBoard implements Disposable {
  readonly id: ServerId
  readonly facts: ServerFacts
  readonly transitions: TransitionLog
  readonly #outlets: BoardOutlets
  #soon: NodeJS.Timeout | null = null
  #calls: NodeJS.Timeout | null = null

  constructor(facts: ServerFacts, outlets: BoardOutlets) {
    this.id = facts.spec.id
    this.facts = facts
    this.#outlets = outlets
    this.transitions = new TransitionLog({
      facts,
      store: outlets.store,
      onUnrecorded: (error) => this.log(`its states could not be recorded: ${String(error)}`, 'error'),
    })
  }

  get view(): Server {
    return this.#outlets.masker.json(serverOf(this.id, this.facts))
  }

  /** `cause`: where the state holds no failure that says why. */
  enter(state: ServerState, cause: TransitionCause | null = null): void {
    const { facts } = this
    const { state: before, pid, runId } = facts
    if (state.state !== before.state) facts.since = now()
    if (state.state === 'starting' && before.state !== 'starting') facts.starts++
    facts.state = state
    if (!hasProcess(state)) Object.assign(facts, { pid: null, runId: null })
    this.transitions.note({ state: before, pid, runId }, cause)
    this.announce()
  }

  announce(): void {
    if (this.#soon !== null) clearTimeout(this.#soon)
    this.#soon = null
    this.#outlets.onChange(this.view)
  }

  /** For facts that change with every line. */
  announceSoon(): void {
    this.#soon ??= setTimeout(() => this.announce(), soonMs)
  }

  [Symbol.dispose](): void {
    if (this.#soon !== null) clearTimeout(this.#soon)
    if (this.#calls !== null) {
      clearTimeout(this.#calls)
      this.#keepLastCall()
    }
  }

  /** The supervisor's own words; each line of the text is a line of the log. */
  log(text: string, level: LogLevel = 'info'): void {
    for (const line of text.split(/\r?\n/)) this.logFrom('supervisor', line, level)
  }

  logFrom(stream: LogStream, text: string, level?: LogLevel): void {
    this.#outlets.logs.write({ server: this.id, run_id: this.facts.runId, stream, text, ...(level && { level }) })
  }

  /** All lines of a pipe, to its end. */
  read(stream: LogStream, pipe: Readable, run_id: RunId): void {
    this.#outlets.logs.read({ server: this.id, run_id, stream }, pipe)
  }

  failed(failure: Failure): void {
    this.facts.lastError = { ...failure, at: now() }
    this.keep(this.#outlets.store.setLastError(this.id, this.facts.lastError))
  }

  /** Told of every call; stored and shown now and then. */
  called(at: string): void {
    this.facts.lastCallAt = at
    this.#calls ??= setTimeout(() => this.#keepLastCall(), callsMs)
  }

  #keepLastCall(): void {
    this.#calls = null
    if (this.facts.lastCallAt !== null) this.keep(this.#outlets.store.setLastCall(this.id, this.facts.lastCallAt))
    this.announce()
  }

  wish(wished: boolean): void {
    this.facts.wished = wished
    this.keep(this.#outlets.store.setWish(this.id, wished))
  }

  /** Keeps what was listed, for as long as the configuration stays the same. */
  remember(): void {
    const { spec, info, listing } = this.facts
    if (info === null || listing === null) return
    this.keep(this.#outlets.store.setCache(this.id, { hash: spec.hash, info, listing, at: now() }))
  }

  /** A store that fails must not take a server down. */
  keep(write: Promise<void>): void {
    write.catch((error: unknown) => this.log(`could not be recorded: ${String(error)}`, 'error'))
  }
}

/** Whether a process may be there in this state. */
function hasProcess(state: ServerState): boolean {
  switch (state.state) {
    case 'ready':
    case 'degraded':
    case 'unresponsive':
    case 'stopping':
      return true
    case 'starting':
      return state.step !== 'resolve'
    case 'stopped':
    case 'asleep':
    case 'backing_off':
    case 'crash_looping':
    case 'needs_secret':
    case 'needs_sign_in':
    case 'needs_consent':
    case 'failed':
      return false
    default:
      return state satisfies never
  }
}

function now(): string {
  return new Date().toISOString()
}
