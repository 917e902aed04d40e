import { Agent as HttpAgent, type IncomingMessage, request as requestHttp } from 'node:http'
import { Agent as HttpsAgent, request as requestHttps } from 'node:https'
import { AppError } from '../../shared/app-error.ts'

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

  /** Throws an AppError when `url` is none that can be asked. */
  constructor(url: string) {
    this.url = readUrl(url)
    const reuse = { keepAlive: true, timeout: REUSE_MS }
    this.#agent = this.url.protocol === 'https:' ? new HttpsAgent(reuse) : new HttpAgent(reuse)
  }

  /**
   * Resolves with the response once its headers are here. Rejects with an AppError: `unreachable`,
   * `certificate_refused`, `connection_lost`, `invalid_header`, `cancelled`.
   */
  exchange(init: Exchange, url: URL = this.url): Promise<IncomingMessage> {
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
      sent.on('error', (error) => reject(networkError(error, url)))
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

const certificateCodes = /^(CERT_|ERR_TLS_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_)/

/** What a failed connection is called; `url` is null once the response had begun. */
export function networkError(error: Error & { code?: string }, url: URL | null): AppError {
  if (error instanceof AppError) return error
  const code = error.code ?? ''
  const where = url === null ? 'the server' : url.host
  if (certificateCodes.test(code)) {
    return new AppError('certificate_refused', `The certificate of ${where} is not trusted: ${error.message}`, {
      hint: 'Look at its date and its issuer, and at the clock of this machine.',
      cause: error,
    })
  }
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
