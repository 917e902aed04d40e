import { BlockList, isIP } from 'node:net'
import type { FetchLike } from '@modelcontextprotocol/client'
import { AppError } from '../../shared/app-error.ts'

const answerMs = 15_000
const maxBodyBytes = 1024 * 1024

/** Addresses within this machine and its own networks. In one list, those of IPv4 within IPv6 would take in all of IPv4. */
const near = { ipv4: new BlockList(), ipv6: new BlockList() }
for (const [network, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
] as const)
  near.ipv4.addSubnet(network, bits, 'ipv4')
for (const [network, bits] of [
  ['::', 127],
  ['fc00::', 7],
  ['fe80::', 10],
  ['::ffff:0:0', 96],
] as const)
  near.ipv6.addSubnet(network, bits, 'ipv6')

/**
 * Why an address that a server has named may not be asked or opened; null when it may. A server elsewhere can name https
 * addresses elsewhere; one on this machine or its network can also name such, and plain http on the loopback address.
 */
export function addressProblem(url: URL, server: URL): string | null {
  if (url.username !== '' || url.password !== '') return 'it carries a name or a password'
  if (url.protocol === 'http:') {
    return isLoopback(url) && isLoopback(server) ? null : 'it is not https'
  }
  if (url.protocol !== 'https:') return 'it is not https'
  return isNear(url) && !isNear(server) ? 'it leads into the network of this machine' : null
}

/**
 * `fetch` for what a server says about its sign-in: only to addresses that it may name, without following redirects, and
 * with an end in time and size. Throws AppErrors: `sign_in_untrusted`, `sign_in_unreachable`.
 */
export function guardedFetch(server: URL, signal: AbortSignal): FetchLike {
  return async (target, init) => {
    const url = new URL(target)
    const problem = addressProblem(url, server)
    if (problem !== null) throw untrustedAddress(url, server, problem)
    try {
      const stop = AbortSignal.any([signal, AbortSignal.timeout(answerMs)])
      const response = await fetch(url, { ...init, redirect: 'manual', signal: stop })
      const { status, headers } = response
      const body = await readBounded(response)
      return new Response(status === 204 || status === 304 ? null : body, { status, headers })
    } catch (error) {
      signal.throwIfAborted()
      throw unreachable(url, error)
    }
  }
}

export function untrustedAddress(url: URL, server: URL, problem: string): AppError {
  return new AppError('sign_in_untrusted', `${server.host} names ${url.href} for the sign-in; ${problem}`, {
    hint: 'Do not sign in; report this to whoever runs the server.',
    status: 409,
  })
}

async function readBounded(response: Response): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length
    if (bytes > maxBodyBytes) throw new Error('it answered with more than 1 MB')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

function unreachable(url: URL, error: unknown): AppError {
  const { cause } = error as { cause?: { code?: string; message?: string } }
  const why = cause?.code ?? cause?.message ?? (error instanceof Error ? error.message : String(error))
  return new AppError('sign_in_unreachable', `${url.host}, which is asked for the sign-in, gave no answer (${why})`, {
    hint: 'Try again when it can be reached.',
    status: 502,
    cause: error,
  })
}

function hostOf(url: URL): string {
  // A name that ends with a dot is the same name.
  return url.hostname.replace(/^\[|\]$|\.$/g, '')
}

function isLoopback(url: URL): boolean {
  const host = hostOf(url)
  return host === 'localhost' || host.endsWith('.localhost') || host === '::1' || /^127(\.\d+){3}$/.test(host)
}

/** By name or number only: what a name leads to is for the certificate to vouch for. */
function isNear(url: URL): boolean {
  const host = hostOf(url)
  const family = ({ 4: 'ipv4', 6: 'ipv6' } as const)[isIP(host)]
  return isLoopback(url) || (family !== undefined && near[family].check(host, family))
}
