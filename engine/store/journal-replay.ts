import { appendFileSync, existsSync, renameSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Banner } from '../../shared/snapshot.ts'
import { readSegment, segmentFiles } from './journal-folder.ts'
import type { Segment } from './journal-record.ts'
import type { RefusedRecord, SqlJournalRepo } from './journal-repo.ts'
import type { Sqlite } from './sqlite.ts'
import { StoreFacts } from './store-facts.ts'

interface ReplayOptions {
  sqlite: Sqlite
  journal: SqlJournalRepo
  folder: string
  /** Whether what was brought in is taken away; not where the database is a copy. */
  consume: boolean
}

/**
 * Brings what the last life of the app left in the journal into the database, a transaction a segment. A kill at any
 * moment leaves the rest to the next start, and what is done twice is done once. The banner tells what could not be.
 */
export function replayJournal({ sqlite, journal, folder, consume }: ReplayOptions): Banner | null {
  let damaged = 0
  const refused: RefusedRecord[] = []
  for (const file of segmentFiles(folder)) {
    const segment = readSegment(file)
    damaged += segment.damaged
    refused.push(...sqlite.transaction(() => replaySegment(sqlite, journal, segment)).immediate())
    if (!consume) continue
    if (segment.damaged > 0) renameSync(file, `${file}.damaged`)
    else rmSync(file)
  }
  if (consume) keepRefused(folder, refused)
  return damaged + refused.length === 0 ? null : lossBanner(damaged, refused.length)
}

/** Kept beside the journal, a line each: a record that no database takes is still what somebody was told is stored. */
export function keepRefused(folder: string, refused: readonly RefusedRecord[]): void {
  if (refused.length === 0) return
  const file = join(existsSync(folder) ? folder : dirname(folder), 'refused.ndjson')
  appendFileSync(file, refused.map((record) => `${JSON.stringify(record)}\n`).join(''), { mode: 0o600 })
}

export function lossBanner(damaged: number, refused: number): Banner {
  const parts = [
    ...(damaged > 0 ? [`${damaged} damaged`] : []),
    ...(refused > 0 ? [`${refused} that the store refused`] : []),
  ]
  return {
    code: 'journal_incomplete',
    severity: 'danger',
    message: `The journal of the tasks held records that are not in the store: ${parts.join(', ')}`,
    hint: 'They are kept in the folder "journal".',
    since: new Date().toISOString(),
  }
}

function replaySegment(sqlite: Sqlite, journal: SqlJournalRepo, { store, records }: Segment): RefusedRecord[] {
  const facts = new StoreFacts(sqlite)
  if (store === facts.storeId) return journal.applyRecords(records)
  // Of the database that was here before: its numbers say nothing about this one, and much of it may be missing here.
  let number = facts.journalPosition
  const last = records.at(-1)?.number ?? 0
  const renumbered = records.map(({ write }) => ({ number: ++number, write }))
  journal.applyRecords(renumbered)
  facts.journalPosition = Math.max(number, last)
  return []
}
