import { isDeepStrictEqual } from 'node:util'
import { AppError } from '../../shared/app-error.ts'
import { hunksBetween } from '../clients/connect/line-diff.ts'
import { setValue } from '../config/edit-jsonc.ts'
import { byteOrderMark, readConfig } from '../config/read-config.ts'
import { readText } from '../config/replace-file.ts'
import type { HomeCase, ServerCase } from './case.ts'
import type { Fix } from './finding.ts'

type Entry = Record<string, unknown>

/** A change of one server's entry in mcp.json, shown as lines of the file; null where the file cannot be edited. */
export function entryFix(
  { home, spec, around }: Pick<ServerCase, 'home' | 'spec' | 'around'>,
  title: string,
  entry: Entry,
): Fix | null {
  const { config, configPath } = home
  if (config.kind !== 'text' || !config.reading.isEditable) return null
  const body = config.text.startsWith(byteOrderMark) ? config.text.slice(1) : config.text
  const hunks = hunksBetween(body, setValue(body, ['mcpServers', spec.id], entry))
  return {
    title,
    changes: [{ what: `Change the entry "${spec.id}"`, path: configPath, hunks }],
    async apply() {
      await refuseOther(home, spec.id, spec.entry)
      await around.saveEntry(spec.id, entry)
    },
  }
}

/** As `entryFix`, with a value for the vault that a person hands in. */
export function secretFix(
  patient: Pick<ServerCase, 'home' | 'spec' | 'around'>,
  name: string,
  title: string,
  entry: Entry | null,
): Fix | null {
  const edit = entry === null ? null : entryFix(patient, title, entry)
  if (entry !== null && edit === null) return null
  return {
    title,
    changes: [{ what: `Put ${name} into the vault`, path: null, hunks: [] }, ...(edit?.changes ?? [])],
    asksFor: { name, label: `Value of ${name}` },
    async apply(value) {
      await patient.around.setSecret(name, value)
      await edit?.apply('')
    },
  }
}

/** The entry with one of its texts replaced wherever it stands, keys left alone. */
export function replacedIn(entry: Readonly<Entry>, change: (text: string) => string): Entry {
  return Object.fromEntries(Object.entries(entry).map(([key, value]) => [key, replaced(value, change)]))
}

function replaced(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value)
  if (Array.isArray(value)) return value.map((item) => replaced(item, change))
  return typeof value === 'object' && value !== null ? replacedIn(value as Entry, change) : value
}

export function goneStale(what: string): AppError {
  return new AppError('preview_stale', `${what} is not what it was when the fix was shown.`, {
    status: 409,
    hint: 'Examine again, then look at the fix anew.',
  })
}

async function refuseOther({ configPath }: HomeCase, id: string, shown: Readonly<Entry>): Promise<void> {
  const now = readConfig((await readText(configPath)) ?? '').specs?.find((spec) => spec.id === id)
  if (!isDeepStrictEqual(now?.entry, shown)) throw goneStale(`The entry "${id}"`)
}
