import type { IncomingMessage } from 'node:http'
import type { Failure } from '../../shared/app-error.ts'

/** What an HTTP status other than success says by itself, whatever the body. */
export function statusFailure(response: IncomingMessage, url: URL): Failure {
  const status = response.statusCode ?? 0
  const { location } = response.headers
  if (status === 401) {
    return { code: 'needs_sign_in', message: `${url.host} asks for a sign-in`, hint: 'Give it a token in `headers`.' }
  }
  if (status === 403) {
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
  const hint = after === undefined ? 'Look at the log of the server.' : `Try again after ${after} (Retry-After).`
  return { code: `http_${status}`, message: `${url.host} answered with HTTP ${status}`, hint }
}

/** The failure of a successful status whose body is no MCP message. */
export function notMcp(type: string, url: URL): Failure {
  return {
    code: 'not_mcp',
    message: `${url.href} answered with ${type === '' ? 'no content type' : type} that is no MCP message`,
    hint: 'Check the address; many servers have their endpoint at /mcp.',
  }
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
