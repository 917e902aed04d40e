import { AppError } from '../../shared/app-error.ts'
import { discover, initialize } from './handshake.ts'
import { handshakeError } from './handshake-error.ts'
import { HttpTransport, type Remote } from './http-transport.ts'
import type { Answer, Link, LinkInfo } from './link.ts'
import type { LinkHooks, LinkOptions } from './link-options.ts'
import { listKinds } from './notifications.ts'
import { type Opening, openLink } from './opening.ts'
import { SseTransport } from './sse-transport.ts'

const PROBE_TIMEOUT_MS = 10_000

/** Statuses by which an endpoint may say that it is not Streamable HTTP but the older HTTP+SSE. */
const olderTransport: ReadonlySet<unknown> = new Set(['http_400', 'http_404', 'http_405'])

type RemoteLink = Link & { transport: 'http' | 'sse' }

/**
 * Opens the link to a remote server and does the handshake; `http` falls back to HTTP+SSE where the endpoint says it
 * is no Streamable HTTP. Rejects with an AppError: those of `openStdioLink` and `needs_sign_in`, `unreachable`,
 * `certificate_refused`, `redirect_refused`, `not_mcp`, `connection_lost`, `invalid_url`, `invalid_header`.
 */
export async function openRemoteLink(
  remote: Remote & { kind: 'http' | 'sse' },
  options: LinkOptions,
  hooks: LinkHooks = {},
): Promise<RemoteLink> {
  const deadline = performance.now() + options.startTimeoutMs
  if (remote.kind === 'sse') return openSse(remote, options, hooks)
  try {
    return await openHttp(remote, options, hooks)
  } catch (error) {
    if (options.era === 'modern' || !saysOlderTransport(error)) throw error
    const startTimeoutMs = Math.max(1, deadline - performance.now())
    // When that fails too, the first error is the one to show: the address was given for Streamable HTTP.
    return await openSse(remote, { ...options, startTimeoutMs }, hooks).catch(() => Promise.reject(error))
  }
}

async function openHttp(remote: Remote, options: LinkOptions, hooks: LinkHooks): Promise<RemoteLink> {
  const agree = async (opening: Opening, transport: HttpTransport): Promise<LinkInfo> => {
    const info = await agreeOverHttp(opening)
    if (info.era === 'legacy') transport.renewSession = () => renew(opening, transport, hooks)
    return info
  }
  const link = await openLink((sink) => new HttpTransport(remote, options, sink), agree, options, hooks)
  return Object.assign(link, { transport: 'http' as const })
}

async function openSse(remote: Remote, options: LinkOptions, hooks: LinkHooks): Promise<RemoteLink> {
  const agree = async ({ rpc, limits }: Opening, transport: SseTransport): Promise<LinkInfo> => {
    await transport.open(limits())
    return initialize(rpc, options, limits())
  }
  const link = await openLink((sink) => new SseTransport(remote, options, sink), agree, options, hooks)
  return Object.assign(link, { transport: 'sse' as const })
}

async function agreeOverHttp(opening: Opening): Promise<LinkInfo> {
  const { rpc, options } = opening
  if (options.era !== 'legacy') {
    const longest = options.era === 'auto' ? (options.probeTimeoutMs ?? PROBE_TIMEOUT_MS) : options.startTimeoutMs
    const probe = await discover(rpc, options, opening.limits(longest))
    if (probe.kind === 'modern') return probe.info
    if (options.era === 'modern' || !isEraEvidence(probe.answer)) throw handshakeError('server/discover', probe.answer)
  }
  return initialize(rpc, options, opening.limits())
}

/** Whether an answer to the probe tells that the server is legacy, rather than that something is wrong. */
function isEraEvidence(answer: Answer): boolean {
  if (answer.kind === 'closed') return answer.failure.code === 'connection_lost'
  return (
    answer.kind !== 'cancelled' &&
    !(answer.kind === 'invalid' && /^(http_5|redirect_|asked_to_wait$)/.test(answer.failure.code))
  )
}

/** A new session in place of one that the server lost. What it lists may differ, so the lists are said to have changed. */
async function renew({ rpc, options }: Opening, transport: HttpTransport, hooks: LinkHooks): Promise<void> {
  const info = await initialize(rpc, options, {
    timeoutMs: options.startTimeoutMs,
    inAllMs: options.startTimeoutMs,
    signal: undefined,
  })
  transport.established(info)
  await rpc.notify('notifications/initialized')
  hooks.onRenewed?.()
  for (const kind of listKinds) {
    if (info.capabilities[kind] !== undefined) hooks.onListChanged?.(kind)
  }
}

function saysOlderTransport(error: unknown): boolean {
  if (!(error instanceof AppError)) return false
  const { failure } = error.data
  return typeof failure === 'object' && failure !== null && 'code' in failure && olderTransport.has(failure.code)
}
