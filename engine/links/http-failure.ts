import type { IncomingMessage } from 'node:http'
import type { Failure } from '../../shared/app-error.ts'
import { isScopeRefusal } from './authorizer.ts'

/** Whether a failure is about who asks: then the link is of no use until a person has seen to it. */
export function isAboutIdentity({ code }: Failure): boolean {
  return code === 'needs_sign_in' || code === 'token_refused'
}

/** A server that is too busy says for how long it wants to be left in peace. */
interface WaitFailure extends Failure {
  retry_after_ms: number
}

/** Milliseconds that a failure asks to wait; null where it does not. */
export function waitAskedFor(failure: unknown): number | null {
  if (typeof failure !== 'object' || failure === null || !('retry_after_ms' in failure)) return null
  return typeof failure.retry_after_ms === 'number' ? failure.retry_after_ms : null
}

/** `Retry-After` is a number of seconds or a date (RFC 9110, section 10.2.3); what is neither asks for nothing. */
function retryAfterMs(text: string, now: number): number {
  const ms = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now
  return Number.isNaN(ms) ? 0 : Math.min(Math.max(ms, 0), longestWaitMs)
}

/** A day: what asks for more is looked at again by then. */
const longestWaitMs = 24 * 3600 * 1000

/** What an HTTP status other than success says by itself, whatever the body. */
export function statusFailure(response: IncomingMessage, url: URL): Failure {
  const status = response.statusCode ?? 0
  const { location } = response.headers
  if (status === 401) {
    return {
      code: 'token_refused',
      message: `${url.host} refuses the token of this entry`,
      hint: 'Put a new one into `headers`, or take it out to sign in instead.',
    }
  }
  if (status === 403) {
    const scope = missingScope(response)
    if (scope !== null) {
      return {
        code: 'token_refused',
        message: `The token of this entry lacks the scope ${scope}`,
        hint: 'Give it a token that has it, or take it out to sign in instead.',
      }
    }
    return {
      code: 'needs_sign_in',
      message: `${url.host} refuses this sign-in`,
      hint: 'Give it a token that may do this.',
    }
  }
  if (status >= 300 && status < 400) {
    return {
      code: 'redirect_refused',
      message: `${url.href} redirects to ${location ?? 'nowhere'}; redirects are not followed`,
      hint: 'Write the new address into mcp.json when you trust it.',
    }
  }
  const after = response.headers['retry-after']
  if (after === undefined) {
    const message = `${url.host} answered with HTTP ${status}`
    return { code: `http_${status}`, message, hint: 'Look at the log of the server.' }
  }
  const wait = /^\d+$/.test(after) ? `for ${after} s` : `until ${after}`
  const failure: WaitFailure = {
    code: 'asked_to_wait',
    message: `${url.host} asks to wait ${wait} (HTTP ${status})`,
    hint: 'Call again after that; it is left in peace until then.',
    retry_after_ms: retryAfterMs(after, Date.now()),
  }
  return failure
}

/** The scope that a token lacks (RFC 6750, section 3.1); null where that is not what was said. */
function missingScope(response: IncomingMessage): string | null {
  const challenge = response.headers['www-authenticate'] ?? ''
  if (!isScopeRefusal(challenge)) return null
  return /scope="([^"]*)"/.exec(challenge)?.[1] ?? 'that it needs'
}

/** The failure of a successful status whose body is no MCP message. */
export function notMcp(type: string, url: URL): Failure {
  return {
    code: 'not_mcp',
    message: `${url.href} answered with ${namedType(type)} that is no MCP message`,
    hint: 'Check the address; many servers have their endpoint at /mcp.',
  }
}

function namedType(type: string): string {
  if (type === '') return 'something without a content type'
  return type === 'text/html' ? 'an HTML page' : type
}

export const sessionLost: Failure = {
  code: 'session_lost',
  message: 'The server had forgotten the session; it was opened anew, and the call was not repeated',
  hint: 'Call it again.',
}

export const noAnswer: Failure = {
  code: 'connection_lost',
  message: 'The server ended its reply without an answer',
  hint: 'The call may have run; look before you call again.',
}

/** `type/subtype` of a response, in lower case. */
export function mediaType(response: IncomingMessage): string {
  return (response.headers['content-type'] ?? '').split(';')[0]!.trim().toLowerCase()
}
