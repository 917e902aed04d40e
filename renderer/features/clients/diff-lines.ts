import type { Hunk } from '../../../shared/connect-contract.ts'
import { type DiffPart, wordDiff } from '../../../shared/word-diff.ts'

export interface DiffLine {
  readonly kind: 'same' | 'removed' | 'added'
  /** Number in its text, from 1; the new one where both have it. */
  readonly number: number
  readonly parts: readonly DiffPart[]
}

/** The lines of a hunk with their numbers; a removed line and the added one in its place are compared word by word. */
export function diffLines({ lines, before_start, after_start }: Hunk): DiffLine[] {
  const partner = partners(lines)
  let before = before_start
  let after = after_start
  return lines.map(({ kind, text }, index) => {
    const number = kind === 'removed' ? before : after
    if (kind !== 'added') before++
    if (kind !== 'removed') after++
    const other = partner.get(index)
    return { kind, number, parts: partsOf(kind, text, other === undefined ? null : lines[other]!.text) }
  })
}

/** Of each run of removed lines that added ones follow, the first with the first, and so on. */
function partners(lines: Hunk['lines']): Map<number, number> {
  const found = new Map<number, number>()
  for (let start = 0; start < lines.length; start++) {
    if (lines[start]!.kind !== 'removed') continue
    const removed = runLength(lines, start, 'removed')
    const added = runLength(lines, start + removed, 'added')
    for (let offset = 0; offset < Math.min(removed, added); offset++) {
      found.set(start + offset, start + removed + offset)
      found.set(start + removed + offset, start + offset)
    }
    start += removed + added - 1
  }
  return found
}

function runLength(lines: Hunk['lines'], start: number, kind: 'removed' | 'added'): number {
  let end = start
  while (lines[end]?.kind === kind) end++
  return end - start
}

function partsOf(kind: 'same' | 'removed' | 'added', text: string, other: string | null): readonly DiffPart[] {
  if (kind === 'same' || other === null) return [{ kind: 'same', text }]
  return kind === 'removed'
    ? wordDiff(text, other).filter((part) => part.kind !== 'new')
    : wordDiff(other, text).filter((part) => part.kind !== 'gone')
}
