import { createHash } from 'node:crypto'
import { decodeText } from '../decode-text.ts'
import { type Fields, type FoundServer, fieldsOf, isFields } from '../found-server.ts'
import { isOwnGateway } from '../own-gateway.ts'
import type { Machine } from '../programs.ts'
import type { FileState } from './client-disk.ts'
import type { PlacePlan } from './connect-places.ts'
import { valueAt } from './edit-text.ts'

/** What stands at a place now. */
export type PlaceReading =
  | { kind: 'absent' }
  | { kind: 'unreadable'; message: string; line: number | null; column: number | null; hash: string | null }
  | {
      kind: 'read'
      /** Of the whole file, its byte order mark included. */
      text: string
      hash: string
      target: string
      hardLinks: number
      value: unknown
      /** The map that holds the entries; empty when there is none yet. */
      entries: Fields
      /** The entries as servers, in the ecosystem's words. */
      servers: FoundServer[]
    }

export interface ReadingContext extends Machine {
  readonly gatewayPort: number
}

/** Makes sense of a file for one place. Pure. */
export function readPlace(file: FileState, place: PlacePlan, context: ReadingContext): PlaceReading {
  if (file.kind === 'absent') return { kind: 'absent' }
  const unreadable = (
    message: string,
    at: { line: number; column: number } | null,
    hash: string | null,
  ): PlaceReading => ({
    kind: 'unreadable',
    message,
    line: at?.line ?? null,
    column: at?.column ?? null,
    hash,
  })
  if (file.kind === 'refused') return unreadable(`the file ${file.message}`, null, null)
  const text = utf8(file.bytes)
  if (text === null) return unreadable('the file is not UTF-8 text', null, file.hash)
  const decoded = text.replace(/^\uFEFF/, '').trim() === '' ? null : decodeText(text, place.program.syntax)
  if (decoded?.kind === 'problem') return unreadable(decoded.problem.message, decoded.problem, file.hash)
  const value = decoded?.value ?? {}
  const held = valueAt(value, place.key)
  if (held !== undefined && held !== null && !isFields(held)) {
    return unreadable(`${place.key.join('.')} is not a map of entries`, null, file.hash)
  }
  const entries = fieldsOf(held)
  const servers = serversOf(entries, place, context)
  const { hash, target, hardLinks } = file
  return { kind: 'read', text, hash, target, hardLinks, value, entries, servers }
}

/** The name of the entry that leads here, whoever wrote it; null when none does. */
export function ownName(reading: PlaceReading, { gatewayPort }: ReadingContext): string | null {
  if (reading.kind !== 'read') return null
  return reading.servers.find(({ entry }) => isOwnGateway(entry, gatewayPort))?.name ?? null
}

/** Of an entry's value: the same whatever the order of its members and the white space of the file. */
export function entryHash(entry: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify(ordered(entry)) ?? '')
    .digest('hex')
}

function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered)
  if (!isFields(value)) return value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, member]) => [key, ordered(member)]),
  )
}

function serversOf(entries: Fields, { program, scope, folder, key }: PlacePlan, { userHome, platform }: Machine) {
  const projectDir = scope === 'profile' ? null : folder
  return program.format({ [key.at(-1)!]: entries }, { userHome, platform, projectDir })
}

function utf8(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    // Other bytes are the answer.
    return null
  }
}
