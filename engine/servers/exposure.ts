import { isOpenToOthers, type ListeningSocket, listeningSockets, placeOf, socketInodes } from '../listening-sockets.ts'
import { classOf } from '../outbound/address-class.ts'
import { askAsStranger, fetchAsStranger, ownAddress, type Reception } from './ask-anyone.ts'
import { processTable, withDescendants } from './process-table.ts'

/** Where a server may listen: the process that we started, or the address that its entry names. */
export type Whereabouts =
  | { readonly kind: 'process'; readonly pid: number }
  | { readonly kind: 'address'; readonly url: string; readonly how: 'http' | 'sse' }

/** One place where others than this machine may connect, and what a stranger gets there. */
export interface OpenPlace {
  /** `0.0.0.0:3000` */
  readonly place: string
  readonly reception: Reception
}

/** Which places of a server are open to others, or why that cannot be told. */
export type ExposureLook =
  | { readonly kind: 'looked'; readonly places: readonly OpenPlace[] }
  | { readonly kind: 'not_run'; readonly reason: string }

/**
 * Looks where servers listen beyond this machine, and asks there as a stranger. These requests go to this machine itself,
 * to a socket of a server that its owner has started or named. What has answered is not asked again while it stands.
 */
export class ExposureScan {
  readonly #platform: NodeJS.Platform
  /** By the inode of the socket and what was asked for. */
  readonly #known = new Map<string, Reception>()

  constructor(platform: NodeJS.Platform) {
    this.#platform = platform
  }

  async look(where: Whereabouts, signal: AbortSignal): Promise<ExposureLook> {
    const listening = await listeningSockets(this.#platform)
    if (listening.kind === 'not_run') return listening
    const open = listening.sockets.filter(isOpenToOthers)
    this.#forgetAllBut(new Set(open.map(({ inode }) => inode)))
    const own = where.kind === 'process' ? await this.#ofProcess(where.pid, open) : ofAddress(where.url, open)
    const places: OpenPlace[] = []
    for (const socket of own) {
      places.push({ place: placeOf(socket), reception: await this.#reception(socket, where, signal) })
    }
    return { kind: 'looked', places }
  }

  async #ofProcess(pid: number, open: readonly ListeningSocket[]): Promise<ListeningSocket[]> {
    if (open.length === 0) return []
    const table = await processTable(this.#platform)
    const kin = new Set(table.filter((row) => row.pid === pid || row.group === pid).map((row) => row.pid))
    const tree = withDescendants(kin, table)
    const inodes = new Set((await Promise.all(tree.map((row) => socketInodes(row.pid)))).flat())
    return open.filter(({ inode }) => inodes.has(inode))
  }

  async #reception(socket: ListeningSocket, where: Whereabouts, signal: AbortSignal): Promise<Reception> {
    const key = `${socket.inode} ${where.kind === 'address' ? where.url : ''}`
    const known = this.#known.get(key)
    if (known !== undefined) return known
    const found = where.kind === 'address' ? await ofRemote(socket, where, signal) : await ofTree(socket, signal)
    if (found !== 'unclear') this.#known.set(key, found)
    return found
  }

  #forgetAllBut(inodes: ReadonlySet<string>): void {
    for (const key of this.#known.keys()) if (!inodes.has(key.split(' ')[0]!)) this.#known.delete(key)
  }
}

/** Those that a connection to the address of an entry reaches; none where that is not on this machine. */
function ofAddress(text: string, open: readonly ListeningSocket[]): ListeningSocket[] {
  if (!URL.canParse(text)) return []
  const url = new URL(text)
  const host = url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '')
  if (host !== 'localhost' && !host.endsWith('.localhost') && classOf(host) !== 'loopback') return []
  const port = Number(url.port || (url.protocol === 'https:' ? 443 : 80))
  return open.filter((socket) => socket.port === port)
}

function ofRemote(socket: ListeningSocket, { url, how }: { url: string; how: 'http' | 'sse' }, signal: AbortSignal) {
  const there = new URL(url)
  // A stranger knows none of what may be secret in it.
  Object.assign(there, { username: '', password: '', search: '' })
  there.host = new URL(originOf(socket, there.protocol)).host
  return askAsStranger(there, how, signal)
}

/** A server on stdio that listens as well: for MCP at the usual path, or for whatever else. */
async function ofTree(socket: ListeningSocket, signal: AbortSignal): Promise<Reception> {
  const origin = originOf(socket, 'http:')
  const asked = await askAsStranger(new URL('/mcp', origin), 'http', signal)
  if (asked === 'answered') return asked
  const fetched = await fetchAsStranger(new URL('/', origin), signal)
  return fetched === 'unclear' ? asked : fetched
}

/** As somebody else on the network would name it. */
function originOf({ address, port }: ListeningSocket, protocol: string): string {
  const isEvery = address === '0.0.0.0' || address === '::'
  const host = isEvery ? ownAddress() : address.replace(/^::ffff:(?=[\d.]+$)/, '')
  return `${protocol}//${host.includes(':') ? `[${host}]` : host}:${port}`
}
