import { expect, it } from 'vitest'
import { newRuleSchema } from '../../../shared/rule.ts'
import { newStep, newTrigger } from './new-parts.ts'
import { readyMade } from './ready-made.ts'
import { stepKinds, triggerKinds } from './rule-words.ts'

it.each(readyMade([]))('$id is a rule of the right shape, but for what only a person knows', ({ rule }) => {
  const issues = newRuleSchema.safeParse(rule).error?.issues ?? []
  // The name of a webhook, the path of a file.
  expect(issues.filter(({ path }) => path[0] !== 'trigger')).toEqual([])
})

it('new triggers and steps of every kind have the shape of their kind', () => {
  const rule = { name: 'a', trigger: newTrigger('event'), steps: [newStep('notify', [])] }
  const shapeIssues = (value: unknown) =>
    (newRuleSchema.safeParse(value).error?.issues ?? []).filter(
      ({ code }) => !['too_small', 'invalid_format'].includes(code),
    )
  for (const { value } of triggerKinds) expect(shapeIssues({ ...rule, trigger: newTrigger(value) })).toEqual([])
  for (const { value } of stepKinds) expect(shapeIssues({ ...rule, steps: [newStep(value, [])] })).toEqual([])
  expect(newStep('tool', ['tool', 'tool_2'])).toMatchObject({ name: 'tool_3' })
})
