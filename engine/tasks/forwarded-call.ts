import type { Failure } from '../../shared/app-error.ts'
import type { ServerId, TaskId } from '../../shared/ids.ts'
import type { ForwardOptions, JsonObject, Link, RawAnswer } from '../links/link.ts'
import { type Outcome, outcomeOf } from './outcome.ts'

/** A call of a client, to be handed on as it is written. */
export interface ForwardedCall {
  readonly agent: ServerId
  /** As the server calls it. */
  readonly action: string
  readonly origin: string
  /** JSON of the arguments, and what it means. */
  readonly argumentsText: string
  readonly parameters: Record<string, unknown>
  /** Told its id before it leaves. */
  readonly onTask?: (id: TaskId) => void
  /** Told at most once that the client wants no answer any more. */
  onCancel(listener: () => void): void
  readonly onProgress?: ForwardOptions['onProgress']
  /** Hands it to its server, in as many rounds as that wants; tells the watch what the client is asked meanwhile. */
  send(link: Link, options: ForwardOptions, watch: () => QuestionWatch): Promise<RawAnswer>
}

/** Told while a call waits for what its server asked. */
export interface QuestionWatch {
  asked(method: string, params: JsonObject): void
  /** `answer`: what the server is told, a result or an error. */
  answered(method: string, params: JsonObject, answer: unknown): void
}

/** What became of a forwarded call, by the same rules as the record of it. */
export type Forwarded =
  | { kind: 'answered'; answer: Extract<RawAnswer, { kind: 'result' | 'error' }> }
  | { kind: 'unanswered'; failure: Failure; taskId: TaskId }

/** As `outcomeOf`; a modern server that asks its client for more has ended this call, and gets another one. */
export function outcomeOfRound(answer: RawAnswer, server: ServerId): Outcome {
  if (answer.kind === 'result' && answer.result.resultType === 'input_required') {
    return { status: 'completed', result: answer.result }
  }
  return outcomeOf(answer, server)
}

const noAnswer: Failure = { code: 'no_answer', message: 'The call ended without an answer.', hint: null }

export function forwarded(answer: RawAnswer | null, outcome: Outcome, taskId: TaskId): Forwarded {
  if (answer?.kind === 'result' || answer?.kind === 'error') return { kind: 'answered', answer }
  return { kind: 'unanswered', failure: outcome.error ?? noAnswer, taskId }
}
