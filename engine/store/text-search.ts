import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { Sqlite } from './sqlite.ts'
import { isAscii, textMatcher } from './text-matcher.ts'

/** Rows whose column holds a text, in any case: what `textMatcher` computes. */
export function containsText(column: string, text: string): RawBuilder<SqlBool> {
  // SQLite folds A to Z only; what has other letters goes through the matcher itself.
  if (!isAscii(text)) return sql<SqlBool>`holds_text(${sql.ref(column)}, ${text})`
  // Not LIKE: it stops at a NUL, and takes % and _ for wildcards.
  return sql<SqlBool>`instr(lower(${sql.ref(column)}), lower(${text})) > 0`
}

/** Gives a connection the function that `containsText` uses. */
export function addTextSearch(sqlite: Sqlite): void {
  let known = { needle: '', matches: textMatcher('') }
  sqlite.function('holds_text', { deterministic: true }, (text: string | null, needle: string) => {
    if (needle !== known.needle) known = { needle, matches: textMatcher(needle) }
    return text !== null && known.matches(text) ? 1 : 0
  })
}
