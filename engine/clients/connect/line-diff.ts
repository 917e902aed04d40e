import type { Hunk } from '../../../shared/connect-contract.ts'

type Line = Hunk['lines'][number]

const context = 3
/** Most pairs of lines that are compared one by one; beyond it the differing middle is shown as replaced whole. */
const maxPairs = 4_000_000

/** The parts of two texts that differ, by lines, with up to three equal lines around each. */
export function hunksBetween(before: string, after: string): Hunk[] {
  const [old, now] = [linesOf(before), linesOf(after)]
  const head = commonLength(old, now)
  const tail = commonLength(old.slice(head).reverse(), now.slice(head).reverse())
  const middle = alignLines(old.slice(head, old.length - tail), now.slice(head, now.length - tail))
  const same = (text: string): Line => ({ kind: 'same', text })
  const all = [...old.slice(0, head).map(same), ...middle, ...old.slice(old.length - tail).map(same)]
  return hunksOf(all)
}

function linesOf(text: string): string[] {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/)
  // A text that ends its last line has no line after it.
  if (lines.at(-1) === '') lines.pop()
  return lines
}

function commonLength(one: readonly string[], other: readonly string[]): number {
  let length = 0
  while (length < one.length && length < other.length && one[length] === other[length]) length += 1
  return length
}

/** By the longest common subsequence; what is removed stands before what is added. */
function alignLines(old: readonly string[], now: readonly string[]): Line[] {
  const removed = (text: string): Line => ({ kind: 'removed', text })
  const added = (text: string): Line => ({ kind: 'added', text })
  if (old.length * now.length > maxPairs) return [...old.map(removed), ...now.map(added)]
  const width = now.length + 1
  const lengths = new Uint32Array((old.length + 1) * width)
  for (let i = old.length - 1; i >= 0; i -= 1) {
    for (let j = now.length - 1; j >= 0; j -= 1) {
      const skipped = Math.max(lengths[(i + 1) * width + j]!, lengths[i * width + j + 1]!)
      lengths[i * width + j] = old[i] === now[j] ? lengths[(i + 1) * width + j + 1]! + 1 : skipped
    }
  }
  const lines: Line[] = []
  let [i, j] = [0, 0]
  while (i < old.length || j < now.length) {
    if (i < old.length && j < now.length && old[i] === now[j]) {
      lines.push({ kind: 'same', text: old[i]! })
      i += 1
      j += 1
    } else if (j === now.length || (i < old.length && lengths[(i + 1) * width + j]! >= lengths[i * width + j + 1]!)) {
      lines.push(removed(old[i]!))
      i += 1
    } else {
      lines.push(added(now[j]!))
      j += 1
    }
  }
  return lines
}

function hunksOf(lines: readonly Line[]): Hunk[] {
  const hunks: Hunk[] = []
  let [beforeLine, afterLine, lastShown] = [1, 1, -1]
  const isNear = (at: number) =>
    lines.slice(Math.max(0, at - context), at + context + 1).some(({ kind }) => kind !== 'same')
  for (const [at, line] of lines.entries()) {
    if (isNear(at)) {
      if (lastShown !== at - 1 || hunks.length === 0) {
        hunks.push({ before_start: beforeLine, after_start: afterLine, lines: [] })
      }
      hunks.at(-1)!.lines.push(line)
      lastShown = at
    }
    if (line.kind !== 'added') beforeLine += 1
    if (line.kind !== 'removed') afterLine += 1
  }
  return hunks
}
