import { randomBytes } from 'node:crypto'
import { copyFileSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { overwrite } from './damages.ts'
import type { Ruin } from './ruin.ts'

const headerBytes = 32

/** Six things that befall the log of changes that a killed program leaves beside its database. */
export const mishaps: readonly Ruin[] = mishapsByName().map((mishap) => ({ end: 'killed', ...mishap }))

function mishapsByName(): Omit<Ruin, 'end'>[] {
  return [
    { name: 'log of changes gone', expected: 'told', befall: (file) => rmSync(`${file}-wal`) },
    {
      name: 'log of changes cut in half',
      expected: 'told',
      befall: (file) => truncateSync(`${file}-wal`, Math.floor(statSync(`${file}-wal`).size / 2)),
    },
    { name: 'byte flipped in the log of changes', expected: 'told', befall: (file) => flipIn(`${file}-wal`) },
    {
      name: 'log of changes of an earlier time',
      expected: 'told',
      befall: (file, older) => copyFileSync(join(older, 'signalbox.db-wal'), `${file}-wal`),
    },
    {
      name: 'database of an earlier time',
      expected: 'told',
      befall: (file, older) => copyFileSync(join(older, 'signalbox.db'), file),
    },
    {
      name: 'random bytes as shared memory',
      expected: 'nothing lost',
      befall: (file) => writeFileSync(`${file}-shm`, randomBytes(32_768)),
    },
  ]
}

function flipIn(file: string): void {
  const at = headerBytes + 100
  const byte = readFileSync(file)[at]!
  overwrite(file, at, Buffer.from([byte ^ 0x01]))
}
