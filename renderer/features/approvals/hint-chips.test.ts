import { expect, test } from 'vitest'
import type { HeldCall } from '../../../shared/approvals.ts'
import { hintChips } from './hint-chips.ts'

const silent = { read_only: null, destructive: null, idempotent: null, open_world: null }

test('tells what a tool says of itself, and when it says nothing', () => {
  const words = (said: Partial<HeldCall['hints']>) => hintChips({ ...silent, ...said }).map(({ word }) => word)
  expect(words({})).toEqual(['does not say whether it destroys'])
  expect(words({ read_only: true, destructive: true })).toEqual(['only reads'])
  expect(words({ destructive: true, open_world: true })).toEqual(['may destroy', 'reaches beyond this machine'])
  expect(words({ destructive: false, idempotent: true })).toEqual(['writes, destroys nothing', 'idempotent'])
})
