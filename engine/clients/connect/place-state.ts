import type { ConnectPlace, ConnectScope } from '../../../shared/connect-contract.ts'
import type { ProgramId } from '../../../shared/import.ts'
import { fieldsOf, isFields, stringsOf } from '../found-server.ts'
import { labelOf, type PlacePlan } from './connect-places.ts'
import type { Connection } from './connection-book.ts'
import { entryTextIn, valueAt } from './edit-text.ts'
import type { Launcher } from './launcher.ts'
import { entryHash, ownName, type PlaceReading, type ReadingContext } from './place-reading.ts'
import { asksForInput, modeOf, programEntries, referenceOf, tokenVariable } from './program-entries.ts'

export interface PlaceFacts {
  readonly place: PlacePlan
  /** The file that the program reads, or would read. */
  readonly path: string
  /** Whether there is a sign of the program. */
  readonly isThere: boolean
  readonly reading: PlaceReading
  /** What we wrote; null when nothing, or when it was undone. */
  readonly record: Connection | null
  /** Files that our entry starts and that are gone. */
  readonly goneCommands: readonly string[]
  readonly backupPath: string | null
}

type Verdict = Pick<ConnectPlace, 'state' | 'drift' | 'undo'>

/** What is true of a place now, for people and programs. Pure. */
export function placeState(
  facts: PlaceFacts,
  context: ReadingContext,
  launcher: Launcher,
  url: string | null,
): ConnectPlace {
  const { place, path, reading, record, backupPath } = facts
  const { program, scope, folder } = place
  const name = record?.key.at(-1) ?? ownName(reading, context)
  const key = record?.key ?? [...place.key, name ?? 'signalbox']
  const value = reading.kind === 'read' ? valueAt(reading.value, key) : undefined
  const text = reading.kind === 'read' ? entryTextIn(reading.text, program.syntax, key) : null
  return {
    scope,
    folder,
    label: labelOf(place, context.platform),
    path,
    key,
    exists: reading.kind !== 'absent',
    ...verdictOf(facts, value, name !== null),
    problem:
      reading.kind === 'unreadable' ? { message: reading.message, line: reading.line, column: reading.column } : null,
    entry: text !== null && isFields(value) ? { mode: modeOf(value), text: withoutToken(text) } : null,
    written: record && { at: record.at, mode: record.mode, backup_path: backupPath },
    options: optionsFor(program.id, scope, launcher, url),
  }
}

/** Absolute paths of what an entry starts. */
export function commandsOf(entry: unknown): string[] {
  const { command, cmd, args } = fieldsOf(entry)
  const connect = stringsOf(args).indexOf('connect')
  return [command ?? cmd, ...stringsOf(args).slice(0, Math.max(connect, 0))]
    .filter((part) => typeof part === 'string')
    .filter((part) => /^(?:[\\/]|[A-Za-z]:[\\/])/.test(part))
}

function verdictOf(
  { path, isThere, reading, record, goneCommands, place }: PlaceFacts,
  value: unknown,
  isOwn: boolean,
): Verdict {
  const name = place.program.name
  if (reading.kind === 'unreadable') return { state: 'unreadable', drift: null, undo: 'none' }
  if (record === null) {
    if (isOwn) return { state: 'connected', drift: null, undo: 'entry' }
    const isAnything = reading.kind === 'read' || isThere
    return { state: isAnything ? 'not_connected' : 'not_found', drift: null, undo: 'none' }
  }
  const drifted = (
    kind: NonNullable<ConnectPlace['drift']>['kind'],
    message: string,
    undo: ConnectPlace['undo'],
  ): Verdict => ({
    state: 'drifted',
    drift: { kind, message },
    undo,
  })
  if (record.path !== path)
    return drifted('changed', `${name} reads ${path} now; our entry is in ${record.path}.`, 'exact')
  if (reading.kind === 'absent') return drifted('file_gone', `${path} is gone.`, 'none')
  const canPutBack = record.moved.some((moved) => !Object.hasOwn(reading.entries, moved)) ? 'entry' : 'none'
  if (value === undefined) return drifted('removed', `Our entry was taken out of ${path}.`, canPutBack)
  const undo = reading.hash === record.after_hash ? 'exact' : 'entry'
  if (entryHash(value) !== record.entry_hash) return drifted('changed', howChanged(value, name), undo)
  if (goneCommands.length > 0) {
    return drifted('command_gone', `Our entry starts ${goneCommands.join(' and ')}, which is gone.`, undo)
  }
  return { state: 'connected', drift: null, undo }
}

function howChanged(value: unknown, name: string): string {
  const { disabled, enabled } = fieldsOf(value)
  if (disabled === true || enabled === false) return `Our entry is switched off in ${name}.`
  return 'Our entry was changed since it was written.'
}

function optionsFor(
  program: ProgramId,
  scope: ConnectScope,
  launcher: Launcher,
  url: string | null,
): ConnectPlace['options'] {
  const stdio = { mode: 'stdio', token: 'none', variable: null, problem: launcher.problem } as const
  if (programEntries[program].http === null) return [stdio]
  const hasReference = referenceOf(program, scope) !== null
  return [
    stdio,
    {
      mode: 'http',
      token: hasReference ? 'reference' : 'literal',
      variable: hasReference && !asksForInput(program, scope) ? tokenVariable : null,
      problem: url === null ? 'Signalbox answers at no address now.' : null,
    },
  ]
}

/** A token that stands in an entry; the name of a variable is none. */
function withoutToken(text: string): string {
  return text.replace(/(Bearer\s+)[^\s"'$]{4,}/g, '$1•••')
}
