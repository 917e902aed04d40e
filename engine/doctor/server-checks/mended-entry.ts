import { parseEntry } from '../../config/parse-entry.ts'
import type { ServerSpec } from '../../config/server-spec.ts'
import { settingsKey, settingsSchema } from '../../config/settings.ts'

type Entry = Record<string, unknown>

/** A slip of the pen, and the entry as it was likely meant; undefined where it is not this slip. */
interface Correction {
  readonly title: string
  correct(entry: Readonly<Entry>): Entry | undefined
}

const corrections: readonly Correction[] = [
  {
    title: 'Call the program "command"',
    correct: ({ cmd, ...rest }) =>
      typeof cmd === 'string' && rest.command === undefined ? { command: cmd, ...rest } : undefined,
  },
  {
    title: 'Split the command into "command" and "args"',
    correct({ command, ...rest }) {
      if (!Array.isArray(command) || typeof command[0] !== 'string') return undefined
      return { command: command[0], ...rest, args: [...command.slice(1), ...listOf(rest.args)] }
    },
  },
  {
    title: 'Write "args" as a list',
    correct: (entry) => (typeof entry.args === 'string' ? { ...entry, args: wordsOf(entry.args) } : undefined),
  },
  {
    title: 'Take out "type", which the rest of the entry tells',
    correct({ type, ...rest }) {
      return type === undefined ? undefined : rest
    },
  },
  {
    title: 'Write the address with its scheme',
    correct({ url, ...rest }) {
      const isBare = typeof url === 'string' && /^[\w.-]+(?::\d+)?(?:\/|$)/.test(url)
      return isBare ? { url: `${/^(?:localhost|127\.)/.test(url) ? 'http' : 'https'}://${url}`, ...rest } : undefined
    },
  },
  { title: 'Take out variables without a value', correct: (entry) => withoutNulls(entry, 'env') },
  { title: 'Take out headers without a value', correct: (entry) => withoutNulls(entry, 'headers') },
  { title: `Take out what is no setting under "${settingsKey}"`, correct: withGoodSettings },
]

/** The entry as it was likely meant, and what is done to it in words; null where no known slip explains it. Pure. */
export function mendedEntry(spec: ServerSpec): { title: string; entry: Entry } | null {
  let entry: Entry = { ...spec.entry }
  const titles: string[] = []
  // What is wrong may show only once something else was corrected.
  for (const { title, correct } of corrections.flatMap(() => corrections)) {
    const corrected = correct(entry)
    if (corrected === undefined) continue
    // A correction counts only where something is wrong that it changes.
    const before = parseEntry(spec.id, spec.number, entry).problem
    const after = parseEntry(spec.id, spec.number, corrected).problem
    if (before === null || after?.message === before.message) continue
    entry = corrected
    titles.push(title)
  }
  const isGood = parseEntry(spec.id, spec.number, entry).problem === null
  return titles.length > 0 && isGood ? { title: titles.join('; '), entry } : null
}

/** Words as a shell would split them, quotes taken off. */
export function wordsOf(text: string): string[] {
  return [...text.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(([, double, single, bare]) => double ?? single ?? bare!)
}

function withoutNulls(entry: Readonly<Entry>, key: string): Entry | undefined {
  const record = entry[key]
  if (typeof record !== 'object' || record === null || Array.isArray(record)) return undefined
  const kept = Object.entries(record).filter(([, value]) => value !== null)
  return kept.length === Object.keys(record).length ? undefined : { ...entry, [key]: Object.fromEntries(kept) }
}

function withGoodSettings(entry: Readonly<Entry>): Entry | undefined {
  const { [settingsKey]: written, ...rest } = entry
  if (written === undefined || settingsSchema.safeParse(written).success) return undefined
  if (typeof written !== 'object' || written === null || Array.isArray(written)) return rest
  const good = Object.entries(written).filter(([key, value]) => settingsSchema.safeParse({ [key]: value }).success)
  return good.length === 0 ? rest : { ...rest, [settingsKey]: Object.fromEntries(good) }
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}
