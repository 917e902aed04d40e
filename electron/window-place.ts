import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Rectangle } from 'electron'
import { z } from 'zod'

/** Where the window stands and how large it is, in the screen's points. */
export interface WindowPlace {
  readonly bounds: Readonly<Rectangle>
  readonly isMaximized: boolean
}

const placeSchema = z.object({
  bounds: z.object({ x: z.int(), y: z.int(), width: z.int().positive(), height: z.int().positive() }),
  isMaximized: z.boolean(),
})

export const smallest = { width: 720, height: 480 }
const firstSize = { width: 1280, height: 800 }

/** The place kept in `<home>/window.json`, or null when there is none that can be read. */
export function readPlace(home: string): WindowPlace | null {
  try {
    return placeSchema.parse(JSON.parse(readFileSync(join(home, 'window.json'), 'utf8')))
  } catch {
    // Missing at the first start; a broken one is worth no more than a window in the middle.
    return null
  }
}

export function keepPlace(home: string, place: WindowPlace): void {
  const path = join(home, 'window.json')
  writeFileSync(`${path}.new`, JSON.stringify(place))
  renameSync(`${path}.new`, path)
}

/**
 * The place to open the window at: the kept one when its title bar can still be reached on one of today's screens, moved
 * and cut to fit that screen; else the middle of the first. `workAreas` are the screens without their bars, the
 * primary one first.
 */
export function fittingPlace(kept: WindowPlace | null, workAreas: readonly Readonly<Rectangle>[]): WindowPlace {
  const [primary] = workAreas
  if (primary === undefined) return { bounds: { x: 0, y: 0, ...firstSize }, isMaximized: false }
  const screen = kept && mostCovered(kept.bounds, workAreas)
  if (!kept || !screen) {
    const width = Math.min(firstSize.width, primary.width)
    const height = Math.min(firstSize.height, primary.height)
    const x = primary.x + Math.round((primary.width - width) / 2)
    const y = primary.y + Math.round((primary.height - height) / 2)
    return { bounds: { x, y, width, height }, isMaximized: false }
  }
  const width = Math.min(Math.max(kept.bounds.width, smallest.width), screen.width)
  const height = Math.min(Math.max(kept.bounds.height, smallest.height), screen.height)
  const x = Math.min(Math.max(kept.bounds.x, screen.x), screen.x + screen.width - width)
  const y = Math.min(Math.max(kept.bounds.y, screen.y), screen.y + screen.height - height)
  return { bounds: { x, y, width, height }, isMaximized: kept.isMaximized }
}

function mostCovered(window: Rectangle, screens: readonly Readonly<Rectangle>[]): Readonly<Rectangle> | null {
  let best: Readonly<Rectangle> | null = null
  let most = 0
  for (const screen of screens) {
    const area = overlap(window, screen)
    if (area > most) [best, most] = [screen, area]
  }
  return best
}

function overlap(a: Readonly<Rectangle>, b: Readonly<Rectangle>): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x)
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y)
  return Math.max(width, 0) * Math.max(height, 0)
}
