import { type IncomingMessage, type RequestOptions, request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { networkInterfaces } from 'node:os'
import { legacyVersions } from '../links/protocol.ts'

/** What somebody without a token gets at an address. */
export type Reception =
  /** An answer of the protocol, or a page. */
  | 'answered'
  /** A demand to say who asks, or a refusal. */
  | 'refused'
  /** No HTTP that would tell. */
  | 'unclear'

const patienceMs = 3000
const mostBytes = 64 * 1024
const refusals: ReadonlySet<number> = new Set([401, 403, 407])

const firstMessage = JSON.stringify({
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: legacyVersions[0], capabilities: {}, clientInfo: { name: 'signalbox', version: '0' } },
})

/** Opens a conversation as a stranger would, with nothing of the entry; `sse`: over the older transport, by a GET. */
export async function askAsStranger(url: URL, how: 'http' | 'sse', signal: AbortSignal): Promise<Reception> {
  const accept = 'application/json, text/event-stream'
  const isPost = how === 'http'
  const headers = { accept, ...(isPost && { 'content-type': 'application/json' }) }
  const answer = await exchange(url, { method: isPost ? 'POST' : 'GET', headers }, isPost ? firstMessage : '', signal)
  if (answer === null) return 'unclear'
  const session = answer.headers['mcp-session-id']
  if (typeof session === 'string')
    await exchange(url, { method: 'DELETE', headers: { 'mcp-session-id': session } }, '', signal)
  if (refusals.has(answer.status)) return 'refused'
  const isStream = answer.headers['content-type']?.startsWith('text/event-stream') ?? false
  if (answer.status < 300 && isStream) return 'answered'
  return isPost && /"jsonrpc"\s*:\s*"2\.0"/.test(answer.text) ? 'answered' : 'unclear'
}

/** Whether a GET without a token is answered with a page. */
export async function fetchAsStranger(url: URL, signal: AbortSignal): Promise<Reception> {
  const answer = await exchange(url, { method: 'GET', headers: { accept: '*/*' } }, '', signal)
  if (answer === null) return 'unclear'
  if (refusals.has(answer.status)) return 'refused'
  return answer.status < 300 ? 'answered' : 'unclear'
}

/** The IPv4 address of this machine under which others reach it; the loopback one where it has none. */
export function ownAddress(): string {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? [])
  return all.find(({ family, internal }) => family === 'IPv4' && !internal)?.address ?? '127.0.0.1'
}

interface Answer {
  status: number
  headers: IncomingMessage['headers']
  /** The beginning of the body; of a stream nothing. */
  text: string
}

/** Null where no HTTP came back in time. */
async function exchange(url: URL, options: RequestOptions, body: string, signal: AbortSignal): Promise<Answer | null> {
  const ending = AbortSignal.any([signal, AbortSignal.timeout(patienceMs)])
  const { promise, resolve } = Promise.withResolvers<Answer | null>()
  const isTls = url.protocol === 'https:'
  // Nothing secret is sent, and whose certificate it is makes no difference to who is let in.
  const whole = { ...options, agent: false, signal: ending, ...(isTls && { rejectUnauthorized: false }) }
  const request = (isTls ? requestHttps : requestHttp)(url, whole)
  request.on('error', () => resolve(null))
  request.on('response', (response) => {
    const { statusCode: status = 0, headers } = response
    let text = ''
    const done = (): void => {
      resolve({ status, headers, text })
      response.destroy()
    }
    response.on('error', done).on('end', done)
    if (headers['content-type']?.startsWith('text/event-stream')) return done()
    response.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk
      if (text.length > mostBytes) done()
    })
  })
  request.end(body)
  try {
    return await promise
  } finally {
    request.destroy()
  }
}
