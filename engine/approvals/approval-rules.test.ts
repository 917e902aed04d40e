import { expect, test } from 'vitest'
import { type ApprovalRule, approvalRuleSchema } from '../../shared/approvals.ts'
import { ruleFor } from './approval-rules.ts'

const rule = (fields: Partial<ApprovalRule>): ApprovalRule =>
  approvalRuleSchema.parse({ id: crypto.randomUUID(), name: 'rule', ...fields })

const names = { origin: 'client:Cursor', agent: 'files', action: 'delete' }

test.each([
  { hint: 'destructive', annotations: undefined, asks: true },
  { hint: 'destructive', annotations: { destructiveHint: false }, asks: false },
  { hint: 'destructive', annotations: { readOnlyHint: true }, asks: false },
  { hint: 'destructive', annotations: { destructiveHint: true }, asks: true },
  { hint: 'writes', annotations: { destructiveHint: false }, asks: true },
  { hint: 'writes', annotations: { readOnlyHint: true }, asks: false },
  { hint: 'writes', annotations: { readOnlyHint: 'yes' }, asks: true },
  { hint: 'open_world', annotations: undefined, asks: true },
  { hint: 'open_world', annotations: { openWorldHint: false }, asks: false },
  { hint: 'any', annotations: { readOnlyHint: true }, asks: true },
] as const)('$hint tools ask; $annotations: $asks', ({ hint, annotations, asks }) => {
  const tool = { name: 'delete', ...(annotations && { annotations }) }
  expect(ruleFor([rule({ hint })], names, tool) !== null).toBe(asks)
})

test('the most exact rule that is on decides, and a person at the page or the terminal is never asked', () => {
  const general = rule({ name: 'general' })
  const exact = rule({ name: 'exact', server: 'files', tool: 'delete' })
  const off = rule({ name: 'off', client: 'client:Cursor', server: 'files', tool: 'delete', is_on: false })
  expect(ruleFor([general, exact, off], names, undefined)).toBe(exact)
  expect(ruleFor([general, exact, off], { ...names, action: 'read' }, undefined)).toBe(general)
  expect(ruleFor([rule({ client: 'client:Claude' })], names, undefined)).toBeNull()
  for (const origin of ['page', 'terminal']) expect(ruleFor([general], { ...names, origin }, undefined)).toBeNull()
})
