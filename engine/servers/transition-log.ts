import { uuidV7 } from '../../shared/ids.ts'
import type { ServerState, StateName } from '../../shared/server.ts'
import type { Transition, TransitionCause } from '../../shared/transition.ts'
import type { ServerRepo } from '../store/store.ts'
import type { ServerFacts } from './server-facts.ts'
import type { Exit } from './server-process.ts'

interface Parts {
  readonly facts: ServerFacts
  readonly store: Pick<ServerRepo, 'insertTransition'>
  /** Told the first time only: a store that takes nothing would be told of with every step. */
  onUnrecorded(error: unknown): void
}

/** Process and run that a transition leads away from. */
type Before = Pick<ServerFacts, 'state' | 'pid' | 'runId'>

/** Writes down each transition of one server, in their order. */
export class TransitionLog {
  readonly #parts: Parts
  #ended: Pick<Transition, 'exit_code' | 'signal' | 'stderr_tail'> = noEnd
  #hasFailed = false

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** Its process is gone: the transition that follows says how. */
  processEnded(exit: Exit | null, stderr: readonly string[]): void {
    if (exit === null) return
    const { code, signal } = exit
    this.#ended = { exit_code: code, signal, stderr_tail: stderr.length === 0 ? null : stderr.join('\n') }
  }

  /** Told after the facts have changed. Neither a new state nor a new phase is no transition. */
  note(before: Before, cause: TransitionCause | null): void {
    const { facts } = this.#parts
    const { state: to } = facts.state
    if (before.state.state === to && phaseOf(before.state) === phaseOf(facts.state)) return
    const failure = 'failure' in facts.state ? facts.state.failure : null
    this.#write({
      from: before.state.state,
      to,
      phase: phaseOf(facts.state),
      cause: failure?.code ?? cause ?? to,
      message: failure?.message ?? null,
      run_id: before.runId ?? facts.runId,
      pid: before.pid ?? facts.pid,
    })
  }

  /** What lies between the last transition of the program's life before and the state in which this one begins. */
  resumeFrom(last: Pick<Transition, 'to' | 'run_id' | 'pid'>, hasLeftover: boolean): void {
    const { state: to } = this.#parts.facts.state
    const cause = endsWithTheProgram.has(last.to) ? 'app_died' : 'program_restarted'
    const { run_id, pid } = last
    if (hasLeftover) {
      this.#write({ from: last.to, to: 'stopping', phase: 'leftover', cause, message: null, run_id, pid })
      this.#write({ from: 'stopping', to, phase: null, cause, message: null, run_id, pid })
    } else if (last.to !== to) this.#write({ from: last.to, to, phase: null, cause, message: null, run_id, pid })
  }

  #write(what: Pick<Transition, 'from' | 'to' | 'phase' | 'cause' | 'message' | 'run_id' | 'pid'>): void {
    const { facts, store, onUnrecorded } = this.#parts
    const row: Transition = {
      id: uuidV7(),
      server: facts.spec.id,
      at: new Date().toISOString(),
      monotonic_ms: Math.round(performance.now() * 10) / 10,
      start: facts.starts,
      ...what,
      ...this.#ended,
    }
    this.#ended = noEnd
    store.insertTransition(row).catch((error: unknown) => {
      if (!this.#hasFailed) onUnrecorded(error)
      this.#hasFailed = true
    })
  }
}

const noEnd = { exit_code: null, signal: null, stderr_tail: null }

/** States that no program leaves behind at its end, but by dying. */
const endsWithTheProgram: ReadonlySet<StateName> = new Set([
  'starting',
  'ready',
  'degraded',
  'unresponsive',
  'stopping',
  'backing_off',
])

function phaseOf(state: ServerState): string | null {
  if (state.state === 'starting') return state.step
  return state.state === 'stopping' ? state.rung : null
}
