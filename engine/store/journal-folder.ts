import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { decodeSegment, type Segment } from './journal-record.ts'

const ending = '.journal'

/** The journal of a database lies beside it. */
export function journalFolderOf(databaseFile: string): string {
  return join(dirname(databaseFile), 'journal')
}

/** Names rise with the number of the first record. */
export function segmentName(firstNumber: number): string {
  return `${String(firstNumber).padStart(16, '0')}${ending}`
}

/** Absolute paths, oldest first. */
export function segmentFiles(folder: string): string[] {
  if (!existsSync(folder)) return []
  const names = readdirSync(folder).filter((name) => name.endsWith(ending))
  return names.sort().map((name) => join(folder, name))
}

export function readSegment(file: string): Segment {
  return decodeSegment(readFileSync(file, 'utf8'))
}
