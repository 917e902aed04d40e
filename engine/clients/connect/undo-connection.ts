import { AppError } from '../../../shared/app-error.ts'
import { type Fields, fieldsOf, isFields } from '../found-server.ts'
import type { PlacePlan } from './connect-places.ts'
import type { Connection } from './connection-book.ts'
import { type Change, editText, valueAt } from './edit-text.ts'
import { hunksBetween } from './line-diff.ts'
import { entryHash, ownName, type PlaceReading, type ReadingContext, readPlace } from './place-reading.ts'
import { vscodeInput } from './program-entries.ts'

/**
 * The text without our entry, with the entries back that were taken out, and with all else as it is now. Null when
 * there is nothing to do. Pure.
 */
export function undoEntry(
  place: PlacePlan,
  reading: Extract<PlaceReading, { kind: 'read' }>,
  record: Connection | null,
  before: Buffer | null,
  context: ReadingContext,
): string | null {
  const name = record?.key.at(-1) ?? ownName(reading, context)
  const changes: Change[] = []
  if (name !== null && Object.hasOwn(reading.entries, name))
    changes.push({ kind: 'remove', path: [...place.key, name] })
  for (const [moved, entry] of movedEntries(place, record, before, context)) {
    if (!Object.hasOwn(reading.entries, moved)) changes.push({ kind: 'set', path: [...place.key, moved], entry })
  }
  if (changes.length === 0) return null
  if (record?.has_input && holdsInput(reading.value)) {
    changes.push({ kind: 'drop', path: ['inputs'], item: vscodeInput })
  }
  return editText(reading.text, place.program.syntax, changes)
}

/** Why the bytes of before cannot be put back: what we wrote beside what stands there now. */
export function whatChanged(place: PlacePlan, record: Connection, ours: Buffer | null, now: Buffer | null): AppError {
  const state = now === null ? 'file_gone' : entryState(place, record, now)
  const sentences = {
    file_gone: 'It is gone.',
    as_written: 'Our entry is as it was written; other parts changed.',
    changed: 'Our entry itself was changed.',
    removed: 'Our entry was taken out.',
    unreadable: 'It cannot be read now.',
  }
  return new AppError(
    'changed_since',
    `${record.path} changed after it was written at ${record.at}. ${sentences[state]}`,
    {
      status: 409,
      hint:
        state === 'as_written' || state === 'changed'
          ? 'Take out our entry alone; the other changes stay.'
          : 'Leave it, and forget the connection.',
      data: {
        entry: state,
        backup: record.backup,
        since_written: ours === null || now === null ? [] : hunksBetween(ours.toString(), now.toString()),
      },
    },
  )
}

function entryState(place: PlacePlan, record: Connection, now: Buffer) {
  const file = { kind: 'file', bytes: now, hash: '', target: record.path, mode: 0, hardLinks: 0 } as const
  const reading = readPlace(file, place, { userHome: '', platform: process.platform, env: {}, gatewayPort: 0 })
  if (reading.kind !== 'read') return 'unreadable'
  const value = valueAt(reading.value, record.key)
  if (value === undefined) return 'removed'
  return entryHash(value) === record.entry_hash ? 'as_written' : 'changed'
}

function movedEntries(
  place: PlacePlan,
  record: Connection | null,
  before: Buffer | null,
  context: ReadingContext,
): [string, Fields][] {
  if (record === null || before === null) return []
  const file = { kind: 'file', bytes: before, hash: '', target: '', mode: 0, hardLinks: 0 } as const
  const old = readPlace(file, place, context)
  if (old.kind !== 'read') return []
  return record.moved.flatMap((name) => {
    const entry = old.entries[name]
    return isFields(entry) ? [[name, entry] as [string, Fields]] : []
  })
}

function holdsInput(value: unknown): boolean {
  const { inputs } = fieldsOf(value)
  return Array.isArray(inputs)
}
