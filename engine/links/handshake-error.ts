import { AppError } from '../../shared/app-error.ts'
import type { Answer } from './link.ts'
import { legacyVersions, modernVersions } from './protocol.ts'

/** The error that an answer makes of a handshake; a result that came so far is one of the wrong shape. */
export function handshakeError(method: string, answer: Answer): AppError {
  switch (answer.kind) {
    case 'result':
      return new AppError('handshake_refused', `The server gave an answer to ${method} that is not one`, {
        hint: 'Report this to the author of the server.',
        data: { result: answer.result },
      })
    case 'error':
      return refused(method, answer.error)
    case 'timed_out':
      return new AppError(
        'handshake_timeout',
        `The server gave no answer to ${method} for ${seconds(answer.limitMs)}`,
        {
          hint: 'Look at its log: it may wait for something, or print its answers elsewhere.',
          data: { unfinished: answer.unfinished?.head ?? null },
        },
      )
    case 'cancelled':
      return new AppError('cancelled', 'The start was cancelled')
    case 'invalid':
      if (telling.has(answer.failure.code)) return closedEarly('closed_before_handshake', answer.failure)
      return new AppError(
        'handshake_refused',
        `The server gave an invalid answer to ${method}: ${answer.failure.message}`,
        {
          hint: answer.failure.hint,
          data: { raw: answer.raw, failure: answer.failure },
        },
      )
    case 'closed':
      return closedEarly('closed_before_handshake', answer.failure)
    default:
      return answer satisfies never
  }
}

/** Keeps the code of a failure that says more than that the connection ended. */
export function closedEarly(
  code: 'closed_before_handshake' | 'closed_during_probe',
  failure: { code: string; message: string; hint: string | null },
): AppError {
  const { hint } = failure
  return new AppError(telling.has(failure.code) ? failure.code : code, failure.message, { hint, data: { failure } })
}

const telling: ReadonlySet<string> = new Set([
  'asked_to_wait',
  'certificate_refused',
  'closed_output',
  'invalid_header',
  'needs_sign_in',
  'not_mcp',
  'not_reading_input',
  'redirect_refused',
  'sign_in_unreachable',
  'token_refused',
  'unreachable',
])

/** The server's own JSON-RPC error as the end of a handshake. */
export function refused(method: string, error: { code: number; message: string }): AppError {
  return new AppError('handshake_refused', `The server refused ${method}: ${error.message} (${error.code})`, {
    hint: 'Look at its log and at its configuration.',
    data: { error },
  })
}

/** `versions` are those that the server names. */
export function unsupported(versions: string[]): AppError {
  const theirs = versions.length > 0 ? versions.join(', ') : 'no version that it names'
  const ours = [...modernVersions, ...legacyVersions].join(', ')
  return new AppError('protocol_version_unsupported', `The server speaks ${theirs}; Signalbox speaks ${ours}`, {
    hint: 'Use another version of the server.',
    data: { supported: versions },
  })
}

function seconds(ms: number): string {
  return ms < 1000 ? `${ms} ms` : `${Math.round(ms / 1000)} s`
}
