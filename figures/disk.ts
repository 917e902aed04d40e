import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { damages } from './disk/damages.ts'
import { fullDisk } from './disk/full-disk.ts'
import { mishaps } from './disk/mishaps.ts'
import { readOnlyHome } from './disk/read-only-home.ts'
import type { Ruin } from './disk/ruin.ts'
import { ruined } from './disk/ruin.ts'
import { Figure, type FigureOptions } from './figure.ts'

/** Sizes of a disk in bytes, so that it is full at another moment each time. */
const offsets = Array.from({ length: 20 }, (_, index) => 34_000_000 + index * 137_000)

/**
 * What can befall the disk under the stores: full at 20 moments, read-only, 12 kinds of damage and 6 mishaps with the
 * log of changes. Nothing acknowledged is lost that can be had, nothing is deleted, the store goes on, and it is told.
 */
export async function disk({ short }: FigureOptions): Promise<Figure> {
  const figure = new Figure('disk')
  for (const bytes of short ? offsets.filter((_, index) => index % 10 === 0) : offsets) {
    await fullDisk(figure, bytes)
  }
  await readOnlyHome(figure)
  await ruins(figure, short ? damages.filter((_, index) => index % 4 === 0) : damages)
  await ruins(figure, short ? mishaps.filter((_, index) => index % 3 === 0) : mishaps)
  return figure
}

async function ruins(figure: Figure, kinds: readonly Ruin[]): Promise<void> {
  for (const ruin of kinds) {
    await figure.check(ruin.name, async () => {
      const home = await mkdtemp(join(tmpdir(), 'signalbox-disk-'))
      try {
        await ruined(home, ruin)
      } catch (error) {
        assert.fail(`${ruin.name}: ${error instanceof Error ? error.stack : error}`)
      } finally {
        await rm(home, { recursive: true, force: true })
      }
    })
  }
}
