import { isDeepStrictEqual } from 'node:util'
import { AppError } from '../../../shared/app-error.ts'
import { appendItem, removeItem, removeValue, setValue } from '../../config/edit-jsonc.ts'
import { renderJson } from '../../config/json-layout.ts'
import { parseJsonc, propertiesOf } from '../../config/jsonc.ts'
import { decodeText, type TextSyntax } from '../decode-text.ts'
import { type Fields, fieldsOf, isFields } from '../found-server.ts'
import { removeTable, renderTable, setTable, tableText } from './edit-toml.ts'
import { removeYamlEntry, rows, setYamlEntry, yamlEntryText } from './edit-yaml.ts'

/** One change of a program's file. Paths lead from the root; those of TOML and YAML are a key and a name. */
export type Change =
  | { kind: 'set'; path: readonly string[]; entry: Fields }
  | { kind: 'remove'; path: readonly string[] }
  /** JSON only. */
  | { kind: 'append' | 'drop'; path: readonly string[]; item: Fields }

/**
 * The text with the changes made, and nothing else changed: the outcome is read back and compared with what the changes
 * mean, so that a text written in a way that our edits do not foresee is refused, never damaged.
 * @throws AppError `cannot_edit` (422); the text must be readable, or empty.
 */
export function editText(text: string, syntax: TextSyntax, changes: readonly Change[]): string {
  const mark = text.startsWith('\uFEFF') ? '\uFEFF' : ''
  const bare = text.slice(mark.length)
  const before = parsedValue(bare, syntax)
  for (const { path } of changes) refuseOtherShapes(before, path)
  const start = bare.trim() === '' && syntax === 'jsonc' ? `${bare}{}\n` : bare
  const after = changes.reduce((current, change) => applyChange(current, syntax, change), start)
  const expected = structuredClone(changes.reduce(meaningOf, before))
  if (!isDeepStrictEqual(withoutEmpty(parsedValue(after, syntax), changes), withoutEmpty(expected, changes))) {
    throw cannotEdit()
  }
  return mark + after
}

/** The text of one entry as it stands in the file; null when there is none. */
export function entryTextIn(text: string, syntax: TextSyntax, path: readonly string[]): string | null {
  const bare = text.replace(/^\uFEFF/, '')
  if (bare.trim() === '') return null
  switch (syntax) {
    case 'jsonc': {
      const parsed = parseJsonc(bare)
      if (parsed.kind === 'problem') return null
      const found = path.reduce<ReturnType<typeof propertiesOf>[number] | undefined | 'root'>(
        (at, key) =>
          at && propertiesOf(at === 'root' ? parsed.root : at.value).find((property) => property.key === key),
        'root',
      )
      if (!found || found === 'root') return null
      return bare.slice(found.keyNode.offset, found.value.offset + found.value.length)
    }
    case 'toml':
      return tableText(bare, path)
    case 'yaml':
      return yamlEntryText(bare, path[0]!, path[1]!)
    default:
      return syntax satisfies never
  }
}

/** The text that an entry has when it stands alone. */
export function renderEntry(syntax: TextSyntax, path: readonly string[], entry: Fields): string {
  switch (syntax) {
    case 'jsonc':
      return `${JSON.stringify(path.at(-1))}: ${renderJson(entry, { eol: '\n', indent: '  ' })}`
    case 'toml':
      return renderTable(path, entry, '\n').trimEnd()
    case 'yaml':
      return rows([path.at(-1)!], entry, '', '  ').join('\n')
    default:
      return syntax satisfies never
  }
}

/** What stands at a path of a parsed file; undefined when nothing does. */
export function valueAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((at, key) => (Object.hasOwn(fieldsOf(at), key) ? fieldsOf(at)[key] : undefined), value)
}

function applyChange(text: string, syntax: TextSyntax, change: Change): string {
  const { kind, path } = change
  if (kind === 'append' || kind === 'drop') {
    if (syntax !== 'jsonc') throw new TypeError(`no list of ${syntax} is edited`)
    return kind === 'append' ? appendItem(text, path, change.item) : removeItem(text, path, change.item)
  }
  switch (syntax) {
    case 'jsonc':
      return kind === 'set' ? setValue(text, path, change.entry) : removeValue(text, path)
    case 'toml':
      return kind === 'set' ? setTable(text, path, change.entry) : removeTable(text, path)
    case 'yaml': {
      const [key, name] = path as [string, string]
      const edited = kind === 'set' ? setYamlEntry(text, key, name, change.entry) : removeYamlEntry(text, key, name)
      if (edited === null) throw cannotEdit()
      return edited
    }
    default:
      return syntax satisfies never
  }
}

/** What stands on the way to an entry must be a map, or nothing: anything else is somebody's, and would be lost. */
function refuseOtherShapes(value: unknown, path: readonly string[]): void {
  if (value === undefined || value === null) return
  if (!isFields(value)) throw cannotEdit()
  const [key, ...rest] = path
  if (key !== undefined && rest.length > 0) refuseOtherShapes(value[key], rest)
}

function parsedValue(text: string, syntax: TextSyntax): unknown {
  if (text.trim() === '') return {}
  const decoded = decodeText(text, syntax)
  if (decoded.kind === 'problem') throw cannotEdit()
  // The readers give objects of several prototypes.
  return structuredClone(decoded.value ?? {})
}

/** The value that the file should have after a change. */
function meaningOf(value: unknown, change: Change): unknown {
  const [key, ...rest] = change.path
  const fields = { ...fieldsOf(value) }
  if (key === undefined) return value
  if (rest.length > 0) return { ...fields, [key]: meaningOf(fields[key], { ...change, path: rest }) }
  switch (change.kind) {
    case 'set':
      return { ...fields, [key]: change.entry }
    case 'remove':
      delete fields[key]
      return fields
    case 'append':
      return { ...fields, [key]: [...listOf(fields[key]), change.item] }
    case 'drop':
      return { ...fields, [key]: listOf(fields[key]).filter((item) => !isDeepStrictEqual(item, change.item)) }
    default:
      return change satisfies never
  }
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}

/** TOML has no table without anything in it: the last entry takes the table of all with it. */
function withoutEmpty(value: unknown, changes: readonly Change[]): unknown {
  const fields = { ...fieldsOf(value) }
  for (const { path } of changes) {
    const key = path[0]!
    if (Object.hasOwn(fields, key) && Object.keys(fieldsOf(fields[key])).length === 0 && !Array.isArray(fields[key])) {
      delete fields[key]
    }
  }
  return fields
}

function cannotEdit(): AppError {
  return new AppError('cannot_edit', 'This file is written in a way that cannot be edited without touching the rest.', {
    status: 422,
    hint: 'Copy the entry that is shown, and put it in by hand.',
  })
}
