import { Agent as HttpAgent, type IncomingMessage, request as requestHttp } from 'node:http'
import { Agent as HttpsAgent, request as requestHttps } from 'node:https'
import { AppError, type Failure } from '../../shared/app-error.ts'
import { type Authorizer, isScopeRefusal } from './authorizer.ts'
import { certificateError, isCertificateError } from './certificate-error.ts'

/** How long a connection may lie idle and be used again: less than what servers allow, or a call meets its end. */
const REUSE_MS = 3000

export interface Exchange {
  method: 'GET' | 'POST' | 'DELETE'
  headers: Record<string, string>
  body?: string
  signal: AbortSignal
  /** Told once all of the request has left for the system: what is sent after it arrives after it. */
  onSent?: () => void
}

/** Keeps connections to one server open between requests. Follows no redirect, unpacks nothing, sets no time limit. */
export class HttpConnections implements Disposable {
  readonly url: URL
  readonly #agent: HttpAgent
  readonly #authorizer: Authorizer | null

  /** Throws an AppError when `url` is none that can be asked. `authorizer`: who signs the requests, if anybody. */
  constructor(url: string, authorizer: Authorizer | null = null) {
    this.url = readUrl(url)
    this.#authorizer = authorizer
    const reuse = { keepAlive: true, timeout: REUSE_MS }
    this.#agent = this.url.protocol === 'https:' ? new HttpsAgent(reuse) : new HttpAgent(reuse)
  }

  /**
   * Resolves with the response once its headers are here. Rejects with an AppError: `unreachable`,
   * `certificate_refused`, `connection_lost`, `invalid_header`, `cancelled`; `needs_sign_in` where a person has to
   * sign in, with `refused` in its data when that goes for every request.
   */
  async exchange(init: Exchange, url: URL = this.url): Promise<IncomingMessage> {
    if (this.#authorizer === null) return this.#exchange(init, url)
    for (let isSecond = false; ; isSecond = true) {
      const used = await this.#authorizer.authorization()
      const headers = used === null ? init.headers : { ...init.headers, authorization: used }
      const response = await this.#exchange({ ...init, headers }, url)
      const challenge = response.headers['www-authenticate'] ?? ''
      const status = response.statusCode
      if (status !== 401 && (status !== 403 || !isScopeRefusal(challenge))) return response
      response.resume()
      // A request that is refused for who asked has not run: asking once more cannot do it twice.
      const next = await this.#authorizer.refused({ status, challenge, used, isSecond })
      if (next === 'again' && !isSecond) continue
      const { code, message, hint } = next === 'again' ? refusedTwice(url) : next
      throw new AppError(code, message, { hint, data: { refused: status === 401 && code === 'needs_sign_in' } })
    }
  }

  #exchange(init: Exchange, url: URL): Promise<IncomingMessage> {
    const { method, headers, body, signal, onSent } = init
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>()
    const request = url.protocol === 'https:' ? requestHttps : requestHttp
    try {
      const sent = request(url, { method, headers: { ...headers, 'accept-encoding': 'identity' }, agent: this.#agent })
      // Not by the `signal` option, nor with an error: both reach sockets that are back in the pool and unheard there.
      const onAbort = () => {
        reject(new AppError('cancelled', 'The request was given up'))
        sent.destroy()
      }
      const settled = () => signal.removeEventListener('abort', onAbort)
      if (signal.aborted) onAbort()
      else signal.addEventListener('abort', onAbort, { once: true })
      sent.once('close', settled)
      if (onSent !== undefined) sent.once('finish', onSent)
      sent.once('response', (response) => {
        response.once('end', settled)
        // A break is told to whoever reads the body; unheard by a body that nobody reads, it would end us.
        response.on('error', () => {})
        resolve(response)
      })
      sent.on('error', (error: NodeJS.ErrnoException) => {
        if (isCertificateError(error)) certificateError(error, url, signal).then(reject, reject)
        else reject(networkError(error, url))
      })
      sent.end(body)
    } catch (error) {
      reject(networkError(error as Error, url))
    }
    return promise
  }

  [Symbol.dispose](): void {
    this.#agent.destroy()
  }
}

/** The body as text. Rejects with an AppError `message_too_long` or `connection_lost`. */
export async function readBody(response: IncomingMessage, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      bytes += chunk.length
      if (bytes > maxBytes) break
      chunks.push(chunk)
    }
  } catch (error) {
    throw networkError(error as Error, null)
  }
  if (bytes > maxBytes) throw tooLong(maxBytes)
  return Buffer.concat(chunks).toString('utf8')
}

export function tooLong(maxBytes: number): AppError {
  const limit = (maxBytes / 1024 / 1024).toFixed(1)
  return new AppError('message_too_long', `The server sent a message over the limit of ${limit} MB`, {
    hint: 'Ask the tool for less, or raise the limit of this server.',
  })
}

function readUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url
  throw new AppError('invalid_url', `"${text}" is no http or https address`, { hint: 'Correct `url` in mcp.json.' })
}

function refusedTwice(url: URL): Failure {
  return {
    code: 'needs_sign_in',
    message: `${url.host} refuses a sign-in that it has just renewed`,
    hint: 'Sign in again.',
  }
}

/** What a failed connection is called; `url` is null once the response had begun. */
export function networkError(error: Error & { code?: string }, url: URL | null): AppError {
  if (error instanceof AppError) return error
  const code = error.code ?? ''
  const where = url === null ? 'the server' : url.host
  if (code === 'ERR_INVALID_CHAR' || code === 'ERR_HTTP_INVALID_HEADER_VALUE') {
    return new AppError('invalid_header', `A header for ${where} cannot be sent: ${error.message}`, {
      hint: 'Correct `headers` in mcp.json.',
      cause: error,
    })
  }
  if (['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'].includes(code)) {
    return new AppError('unreachable', `Nothing answers at ${where} (${code})`, {
      hint: 'Check the address, and that the server runs.',
      cause: error,
      data: { refused: code === 'ECONNREFUSED' },
    })
  }
  return new AppError('connection_lost', `The connection to ${where} broke: ${error.message}`, {
    hint: 'The call may have run; look before you call again.',
    cause: error,
  })
}
