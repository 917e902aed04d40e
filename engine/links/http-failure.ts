import type { IncomingMessage } from 'node:http'
import type { Failure } from '../../shared/app-error.ts'
import { isScopeRefusal } from './authorizer.ts'

/** Whether a failure is about who asks: then the link is of no use until a person has seen to it. */
export function isAboutIdentity({ code }: Failure): boolean {
  return code === 'needs_sign_in' || code === 'token_refused'
}

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
  return {
    code: `http_${status}`,
    message: `${url.host} asks to wait ${wait} (HTTP ${status})`,
    hint: 'Call again after that; it was not tried again meanwhile.',
  }
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
