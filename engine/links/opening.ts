import { AppError, type Failure } from '../../shared/app-error.ts'
import type { HandshakeLimits } from './handshake.ts'
import { closedEarly } from './handshake-error.ts'
import type { JsonObject, LinkInfo } from './link.ts'
import type { LinkHooks, LinkOptions, Remark } from './link-options.ts'
import { acknowledgement, changedList, readLogMessage } from './notifications.ts'
import { envelope, metaKeys } from './protocol.ts'
import { Rpc } from './rpc.ts'
import { RpcLink } from './rpc-link.ts'
import { keepListening } from './subscription.ts'
import type { Transport, TransportSink } from './transport.ts'

/** What a handshake works with. */
export interface Opening {
  readonly rpc: Rpc
  readonly options: LinkOptions
  /** What is left of the start's time, at most `longestMs`. */
  limits(longestMs?: number): HandshakeLimits
}

/** Makes the transport, shakes hands over it and gives the link; disposes of all that when it fails. */
export async function openLink<T extends Transport>(
  makeTransport: (sink: TransportSink) => T,
  shakeHands: (opening: Opening, transport: T) => Promise<LinkInfo>,
  options: LinkOptions,
  hooks: LinkHooks,
): Promise<RpcLink> {
  const deadline = performance.now() + options.startTimeoutMs
  const life = new AbortController()
  const ending: { isOpen: boolean; failure: Failure | null } = { isOpen: false, failure: null }
  const rpc = new Rpc({
    firstByte: () => hooks.onFirstByte?.(),
    noise: (text) => hooks.onNoise?.(text),
    fault: (failure) => hooks.onFault?.(failure),
    strayProgress: (count) =>
      hooks.onLog?.({ level: 'debug', text: `Progress came for no call that runs, ${count} so far` }),
    notification: (notification) => announce(notification, hooks),
    question: (question) => hooks.onQuestion?.(question) ?? null,
    closed: (failure) => {
      life.abort()
      ending.failure = failure
      if (ending.isOpen) hooks.onClosed?.(failure)
    },
  })
  const transport = makeTransport(rpc)
  rpc.attach(transport)
  try {
    const limits = (longestMs = Number.POSITIVE_INFINITY): HandshakeLimits => ({
      timeoutMs: Math.max(1, Math.min(longestMs, deadline - performance.now())),
      inAllMs: options.startTimeoutMs,
      signal: options.signal,
    })
    const info = await shakeHands({ rpc, options, limits }, transport)
    // The end can come in the same breath as the answer to the handshake.
    if (ending.failure !== null) throw closedEarly('closed_before_handshake', ending.failure)
    ending.isOpen = true
    transport.established(info)
    if (info.era === 'legacy') await rpc.notify('notifications/initialized')
    hooks.onHandshake?.(info.era)
    const meta = info.era === 'modern' ? requestMeta(options, info) : null
    const link = new RpcLink(rpc, transport, info, meta, () => life.abort())
    const { onListChanged } = hooks
    if (meta !== null && onListChanged) {
      const listener = {
        onListChanged: onListChanged.bind(hooks),
        onFault: (failure: Failure) => hooks.onFault?.(failure),
        ttlMs: () => link.listTtlMs,
      }
      void keepListening(rpc, info, meta, listener, life.signal)
    }
    return link
  } catch (error) {
    life.abort()
    const isDeaf = error instanceof AppError && error.code === 'handshake_timeout' && !(await transport.takesInput())
    rpc.dispose()
    await transport[Symbol.asyncDispose]()
    throw isDeaf ? notReading(error) : error
  }
}

function notReading(silence: AppError): AppError {
  return new AppError('not_reading_input', `The server is not reading its input. ${silence.message}`, {
    hint: 'Look at its log: it may wait for something else, or be no server on stdio.',
    cause: silence,
  })
}

/** Known, and nothing that its log needs. */
const quiet: ReadonlySet<string> = new Set([
  'notifications/cancelled',
  'notifications/resources/updated',
  'notifications/tasks',
  acknowledgement,
])

function announce(notification: Remark, hooks: LinkHooks): void {
  const { method, params } = notification
  hooks.onNotification?.(notification)
  const list = changedList(method)
  if (list !== null) hooks.onListChanged?.(list)
  else if (method === 'notifications/message') for (const line of readLogMessage(params)) hooks.onLog?.(line)
  else if (!quiet.has(method)) hooks.onLog?.({ level: 'debug', text: `unknown notification ${method}` })
}

function requestMeta(options: LinkOptions, info: LinkInfo): JsonObject {
  const meta = envelope(options.client, info.protocolVersion, options.capabilities)
  // A modern server sends log messages only to requests that name a level.
  return info.capabilities.logging === undefined ? meta : { ...meta, [metaKeys.logLevel]: 'info' }
}
