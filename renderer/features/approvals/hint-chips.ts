import type { HeldCall } from '../../../shared/approvals.ts'

interface HintChip {
  word: string
  tone: 'plain' | 'caution' | 'danger'
}

/** What a tool says of itself, in words; what it does not say is told as that. */
export function hintChips({ read_only, destructive, idempotent, open_world }: HeldCall['hints']): HintChip[] {
  const chips: HintChip[] = []
  if (read_only === true) chips.push({ word: 'only reads', tone: 'plain' })
  else if (destructive === true) chips.push({ word: 'may destroy', tone: 'danger' })
  else if (destructive === false) chips.push({ word: 'writes, destroys nothing', tone: 'caution' })
  else chips.push({ word: 'does not say whether it destroys', tone: 'caution' })
  if (idempotent === true) chips.push({ word: 'idempotent', tone: 'plain' })
  if (open_world === true) chips.push({ word: 'reaches beyond this machine', tone: 'caution' })
  return chips
}
