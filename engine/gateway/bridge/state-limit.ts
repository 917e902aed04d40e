import { memberText } from '../../links/json-text.ts'
import type { RawAnswer } from '../../links/link.ts'

/** What a server has a client carry between two rounds is small; more would be moved twice with each question. */
const mostStateChars = 64 * 1024
const INVALID_PARAMS = -32602
const INTERNAL_ERROR = -32603

/** The refusal of a request whose `requestState` is too large; null where it is not. The text is searched only if it is long itself. */
export function refusedState(paramsText: string): RawAnswer | null {
  const chars = stateChars(paramsText)
  return chars === null ? null : refused(INVALID_PARAMS, `requestState has ${chars} characters`)
}

/** An answer as it came, or a failure where the server hands out a `requestState` that is too large. */
export function withinStateLimit(answer: RawAnswer): RawAnswer {
  if (answer.kind !== 'result') return answer
  const chars = stateChars(answer.text)
  const isAsking = answer.result.resultType === 'input_required'
  return chars === null || !isAsking
    ? answer
    : refused(INTERNAL_ERROR, `The server's requestState has ${chars} characters`)
}

function stateChars(text: string): number | null {
  if (text.length <= mostStateChars) return null
  const length = memberText(text, 'requestState')?.length ?? 0
  return length > mostStateChars ? length : null
}

function refused(code: number, what: string): RawAnswer {
  const error = { code, message: `${what}, over the limit of ${mostStateChars}` }
  return { kind: 'error', text: JSON.stringify(error), error }
}
