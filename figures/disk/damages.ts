import { randomBytes } from 'node:crypto'
import { readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { marked, type Ruin } from './ruin.ts'

const pageBytes = 4096

/** Twelve kinds of damage to a database that was closed well. */
export const damages: readonly Ruin[] = Object.entries({
  'emptied file': (file: string) => truncateSync(file, 0),
  'file that is gone': (file: string) => rmSync(file),
  'first 100 bytes overwritten': (file: string) => overwrite(file, 0, randomBytes(100)),
  'file cut in half': (file: string) => truncateSync(file, pageBytes * Math.floor(pagesOf(file) / 2)),
  'file cut within a page': (file: string) => truncateSync(file, statSync(file).size - 1_000),
  'two middle pages overwritten': (file: string) => overwrite(file, middleOf(file), randomBytes(2 * pageBytes)),
  'middle page of zeros': (file: string) => overwrite(file, middleOf(file), Buffer.alloc(pageBytes)),
  'one byte of a task flipped': flipByte,
  'text in its place': (file: string) => writeFileSync(file, 'this has never been a database '.repeat(400)),
  'random bytes in its place': (file: string) => writeFileSync(file, randomBytes(64 * pageBytes)),
  'another page size in its header': (file: string) => overwrite(file, 16, Buffer.from([0x20, 0x00])),
  'schema overwritten': (file: string) => overwrite(file, 100, randomBytes(pageBytes - 100)),
}).map(([name, befall]) => ({ name, befall, end: 'closed', expected: 'told' }))

export function overwrite(file: string, at: number, bytes: Buffer): void {
  const whole = readFileSync(file)
  bytes.copy(whole, at)
  writeFileSync(file, whole)
}

function flipByte(file: string): void {
  const whole = readFileSync(file)
  // In each place, since SQLite leaves texts of earlier versions of a row behind.
  for (let at = whole.indexOf(marked); at !== -1; at = whole.indexOf(marked, at + 1)) whole[at] = whole[at]! ^ 0x01
  writeFileSync(file, whole)
}

function pagesOf(file: string): number {
  return statSync(file).size / pageBytes
}

function middleOf(file: string): number {
  return pageBytes * Math.floor(pagesOf(file) / 2)
}
