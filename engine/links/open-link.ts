import { AppError } from '../../shared/app-error.ts'
import { discover, initialize } from './handshake.ts'
import { closedEarly, handshakeError } from './handshake-error.ts'
import type { Link, LinkInfo } from './link.ts'
import type { LinkHooks, LinkOptions } from './link-options.ts'
import { type Opening, openLink } from './opening.ts'
import { isModernError } from './protocol.ts'
import { type StdioStreams, StdioTransport } from './stdio-transport.ts'

export { listAll } from './list-all.ts'
export { openRemoteLink } from './open-remote-link.ts'
export type { LinkHooks, LinkOptions }

const PROBE_TIMEOUT_MS = 3000

/**
 * Opens the link to a child process over its stdin and stdout, and does the handshake. Rejects with an AppError:
 * `handshake_timeout`, `handshake_refused`, `protocol_version_unsupported`, `closed_before_handshake`,
 * `closed_during_probe` (start the process again, with era `legacy`), `closed_output`, `not_reading_input`, `cancelled`.
 * Ending the process stays with whoever started it.
 */
export function openStdioLink(streams: StdioStreams, options: LinkOptions, hooks: LinkHooks = {}): Promise<Link> {
  return openLink((sink) => new StdioTransport(streams, options, sink), agreeOverStdio, options, hooks)
}

/** One process for both eras: the probe and, after an error or silence, `initialize`. */
async function agreeOverStdio(opening: Opening): Promise<LinkInfo> {
  const { rpc, options } = opening
  if (options.era === 'legacy') return initialize(rpc, options, opening.limits())
  // A server that is silent on the probe still gets as long for `initialize`.
  const probeMs = Math.min(options.probeTimeoutMs ?? PROBE_TIMEOUT_MS, options.startTimeoutMs / 2)
  const longest = options.era === 'auto' ? probeMs : options.startTimeoutMs
  const probe = await discover(rpc, options, opening.limits(longest))
  if (probe.kind === 'modern') return probe.info
  const { answer } = probe
  if (answer.kind === 'closed' && options.era === 'auto') throw closedEarly('closed_during_probe', answer.failure)
  if (answer.kind === 'cancelled' || options.era === 'modern') throw handshakeError('server/discover', answer)
  try {
    return await initialize(rpc, options, opening.limits())
  } catch (error) {
    // It came up too late to answer the probe in time, and says now in which era it speaks.
    if (!isModernRefusal(error)) throw error
    const again = await discover(rpc, options, opening.limits())
    if (again.kind === 'modern') return again.info
    throw error
  }
}

function isModernRefusal(error: unknown): boolean {
  const refusal = error instanceof AppError ? error.data.error : null
  return typeof refusal === 'object' && refusal !== null && 'code' in refusal && isModernError(Number(refusal.code))
}
