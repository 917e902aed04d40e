import { expect, test } from 'vitest'
import type { HeldCall } from '../shared/approvals.ts'
import { heldNotice, ruleNotice } from './held-notice.ts'

test('a notification names who, what and where, without what hides or turns text around', () => {
  const held = { origin: 'client:Cur\u202esor', tool: `re\nmove\u200b${'x'.repeat(200)}`, server: 'files' } as HeldCall
  expect(heldNotice(held)).toEqual({
    title: 'Approval wanted',
    body: `Cursor waits to call remove${'x'.repeat(74)}… of files.`,
  })
})

test('what a rule tells is shown in its own words, as short and as plain', () => {
  expect(ruleNotice({ title: 'Build\u202e failed', message: `On ${'m'.repeat(200)}` })).toEqual({
    title: 'Build failed',
    body: `On ${'m'.repeat(77)}…`,
  })
})
