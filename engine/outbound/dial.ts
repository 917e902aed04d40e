import { lookup } from 'node:dns/promises'
import { once } from 'node:events'
import { connect as connectTcp, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { AppError } from '../../shared/app-error.ts'
import type { AllowedTargets } from './allowed-targets.ts'
import { judgeAddress, type Target } from './target-rules.ts'

/** All addresses of a name, in the order in which they are to be tried. */
export type Resolve = (host: string) => Promise<readonly string[]>

/** Opens a connection to exactly this address; nothing is looked up any more. */
export type Connect = (to: { address: string; port: number; signal: AbortSignal }) => Promise<Socket>

export interface Dialling {
  readonly resolve: Resolve
  readonly connect: Connect
  /** Certificate authorities (PEM) in the place of those of the system. */
  readonly authorities?: string
}

/** How the system does it. */
export const systemDialling: Dialling = {
  resolve: async (host) => (await lookup(host, { all: true, order: 'verbatim' })).map(({ address }) => address),
  connect: async ({ address, port, signal }) => {
    const socket = connectTcp({ host: address, port })
    return settled(socket, 'connect', signal)
  },
}

/**
 * A connection to a target: looked up once, every address judged, and connected to one of those very addresses. A name
 * that also leads to an address that is refused is refused whole: an honest one has no reason to.
 * @throws AppError `target_refused` (400), `target_unreachable` (502).
 */
export async function dial(
  target: Target,
  { resolve, connect, authorities }: Dialling,
  { allowed, signal }: { allowed: AllowedTargets; signal: AbortSignal },
): Promise<Socket> {
  const addresses = target.isAddress ? [target.host] : await looked(target, resolve, signal)
  for (const address of addresses) judgeAddress(target, address, allowed)
  let failure: unknown
  for (const address of addresses) {
    try {
      const socket = await connect({ address, port: target.port, signal })
      return target.url.protocol === 'https:' ? await secured(socket, target, authorities, signal) : socket
    } catch (error) {
      signal.throwIfAborted()
      failure = error
    }
  }
  throw unreachable(target, failure)
}

async function looked(target: Target, resolve: Resolve, signal: AbortSignal): Promise<readonly string[]> {
  let addresses: readonly string[]
  try {
    addresses = await resolve(target.host)
  } catch (error) {
    throw unreachable(target, error)
  }
  // A lookup of the system cannot be given up; what it finds too late is not asked.
  signal.throwIfAborted()
  if (addresses.length === 0) throw unreachable(target, new Error('it has no address'))
  return addresses
}

/** The certificate must be one for the name that was asked for. */
async function secured(
  socket: Socket,
  { host, isAddress }: Target,
  authorities: string | undefined,
  signal: AbortSignal,
): Promise<Socket> {
  const names = isAddress ? {} : { servername: host }
  const secure = connectTls({ socket, host, ...names, ca: authorities, ALPNProtocols: ['http/1.1'] })
  return settled(secure, 'secureConnect', signal)
}

async function settled<T extends Socket>(socket: T, event: string, signal: AbortSignal): Promise<T> {
  try {
    await once(socket, event, { signal })
    return socket
  } catch (error) {
    socket.destroy()
    throw error
  }
}

export function unreachable({ url }: Target, error: unknown): AppError {
  const { code, message } = error as { code?: string; message?: string }
  return new AppError('target_unreachable', `${url.host} cannot be reached (${code ?? message ?? String(error)}).`, {
    hint: 'Check that it is up and that its name and certificate are right.',
    status: 502,
    cause: error,
  })
}
