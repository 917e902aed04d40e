import { readdir, readFile, readlink } from 'node:fs/promises'
import { classOf } from './outbound/address-class.ts'

/** A TCP socket of this machine that takes connections. */
export interface ListeningSocket {
  /** As text: `0.0.0.0` or `::` for every interface. */
  readonly address: string
  readonly port: number
  /** By which a process that has it open can be told. */
  readonly inode: string
}

/** What listens where, or why that cannot be told here. */
export type Listening =
  | { readonly kind: 'looked'; readonly sockets: readonly ListeningSocket[] }
  | { readonly kind: 'not_run'; readonly reason: string }

/** All TCP sockets of this machine that take connections. */
export async function listeningSockets(platform: NodeJS.Platform): Promise<Listening> {
  if (platform !== 'linux') {
    return { kind: 'not_run', reason: 'Which addresses programs listen on is looked up on Linux only so far.' }
  }
  const tables = ['/proc/net/tcp', '/proc/net/tcp6'].map((table) => readFile(table, 'utf8').catch(() => null))
  const texts = (await Promise.all(tables)).filter((text) => text !== null)
  if (texts.length === 0) return { kind: 'not_run', reason: 'The system does not show its sockets.' }
  return { kind: 'looked', sockets: texts.flatMap(parseListening) }
}

/** Those that take connections (state 0A), from the text of `/proc/net/tcp` or `tcp6`. Pure. */
export function parseListening(table: string): ListeningSocket[] {
  return table
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[3] === '0A')
    .map(([, local, , , , , , , , inode]) => {
      const [address, port] = local!.split(':')
      return { address: addressIn(address!), port: Number.parseInt(port!, 16), inode: inode! }
    })
}

/** Whether others than this machine may connect. */
export function isOpenToOthers({ address }: ListeningSocket): boolean {
  return classOf(address) !== 'loopback' && !address.startsWith('::ffff:127.')
}

/** For people: `0.0.0.0:3000`, `[::]:3000`. */
export function placeOf({ address, port }: ListeningSocket): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`
}

/** Inodes of the sockets that a process has open; none where it is gone or another user's. Linux only. */
export async function socketInodes(pid: number): Promise<string[]> {
  const names = await readdir(`/proc/${pid}/fd`).catch(() => [])
  const targets = await Promise.all(names.map((name) => readlink(`/proc/${pid}/fd/${name}`).catch(() => '')))
  return targets.flatMap((target) => /^socket:\[(\d+)\]$/.exec(target)?.[1] ?? [])
}

/** The kernel prints each four bytes of an address as one number in the order of the machine's own bytes. */
function addressIn(hex: string): string {
  const words = hex.match(/.{8}/g) ?? []
  const bytes = words.flatMap((word) => (word.match(/../g) ?? []).reverse().map((byte) => Number.parseInt(byte, 16)))
  if (bytes.length === 4) return bytes.join('.')
  if (bytes.every((byte) => byte === 0)) return '::'
  const isMapped = bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 255 && bytes[11] === 255
  if (isMapped) return `::ffff:${bytes.slice(12).join('.')}`
  const groups = Array.from({ length: 8 }, (_, at) => ((bytes[2 * at]! << 8) | bytes[2 * at + 1]!).toString(16))
  // In its short form, as people know it.
  return new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1)
}
