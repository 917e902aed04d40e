import { type IncomingHttpHeaders, type IncomingMessage, request as sendRequest } from 'node:http'
import type { Socket } from 'node:net'
import { AppError } from '../../shared/app-error.ts'
import type { AllowedTargets } from './allowed-targets.ts'
import { type Dialling, dial, unreachable } from './dial.ts'
import { readTarget, refused, type Target } from './target-rules.ts'

export interface OutboundMessage {
  readonly method: string
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

export interface OutboundAnswer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  /** UTF-8, whole. */
  readonly body: string
  /** Where it came from, after redirects. */
  readonly url: string
}

export interface ExchangeBounds {
  readonly allowed: AllowedTargets
  readonly signal: AbortSignal
  readonly maxBytes: number
  onRedirect?(from: URL, to: URL): void
}

const mostRedirects = 5

/** Headers that say who asks; they stay with the host that they were meant for. */
const identifying: ReadonlySet<string> = new Set(['authorization', 'cookie', 'proxy-authorization'])

/**
 * One request and its answer. Each target on the way is judged like the first. A redirect that would change the method is
 * the answer: what was to be delivered would not arrive.
 * @throws AppError `target_refused` (400), `target_unreachable`, `answer_too_large`, `too_many_redirects` (502).
 */
export async function exchange(
  message: OutboundMessage,
  dialling: Dialling,
  bounds: ExchangeBounds,
): Promise<OutboundAnswer> {
  let { url, headers = {} } = message
  let came: URL | null = null
  for (let redirects = 0; redirects <= mostRedirects; redirects++) {
    const target = readTarget(url, bounds.allowed)
    if (came?.protocol === 'https:' && target.url.protocol === 'http:') {
      throw refused(target.url.host, 'downgrade', 'it is a redirect from https to http')
    }
    if (came !== null && came.origin !== target.url.origin) headers = anonymous(headers)
    const answer = await ask({ ...message, headers }, target, dialling, bounds)
    const next = redirectOf(answer, message.method, target)
    if (next === null) return answer
    bounds.onRedirect?.(target.url, next)
    came = target.url
    url = next.href
  }
  throw new AppError('too_many_redirects', `${new URL(message.url).host} redirects more than ${mostRedirects} times.`, {
    hint: 'Name the address that it leads to.',
    status: 502,
  })
}

async function ask(
  { method, headers = {}, body }: OutboundMessage,
  target: Target,
  dialling: Dialling,
  { allowed, signal, maxBytes }: ExchangeBounds,
): Promise<OutboundAnswer> {
  const socket = await dial(target, dialling, { allowed, signal })
  const end = (): void => void socket.destroy()
  signal.addEventListener('abort', end, { once: true })
  try {
    const response = await answered(socket, target, { method, headers, body })
    const text = await readBounded(response, target, maxBytes)
    return { status: response.statusCode ?? 0, headers: response.headers, body: text, url: target.url.href }
  } catch (error) {
    signal.throwIfAborted()
    throw error instanceof AppError ? error : unreachable(target, error)
  } finally {
    signal.removeEventListener('abort', end)
    socket.destroy()
  }
}

function answered(
  socket: Socket,
  { url }: Target,
  { method, headers, body }: { method: string; headers: Readonly<Record<string, string>>; body: string | undefined },
): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>()
  const sent = sendRequest({
    method,
    path: `${url.pathname}${url.search}`,
    headers: {
      ...headers,
      host: url.host,
      'accept-encoding': 'identity',
      ...(body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }),
    },
    // The one connection that was judged; without an agent there is no other.
    createConnection: () => socket,
  })
  sent.once('response', resolve)
  // Heard for as long as it lives: a break after the answer began reaches whoever reads the body.
  sent.on('error', reject)
  sent.end(body)
  return promise
}

async function readBounded(response: IncomingMessage, { url }: Target, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > maxBytes) {
      throw new AppError('answer_too_large', `${url.host} answered with more than ${maxBytes / 1024} KiB.`, {
        hint: 'Ask it for less.',
        status: 502,
        data: { status: response.statusCode ?? 0 },
      })
    }
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** Where an answer leads on to with the same method; null where it does not. */
function redirectOf({ status, headers }: OutboundAnswer, method: string, { url }: Target): URL | null {
  const keepsMethod = method === 'GET' || method === 'HEAD' || status === 307 || status === 308
  if (![301, 302, 303, 307, 308].includes(status) || !keepsMethod || headers.location === undefined) return null
  const next = URL.parse(headers.location, url.href)
  if (next === null) throw refused(url.host, 'not_a_url', 'it redirects to what is no URL')
  return next
}

function anonymous(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !identifying.has(name.toLowerCase())))
}
