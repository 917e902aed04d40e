import { expect, it } from 'vitest'
import { toolEffect } from './tool-effect.ts'

it.each([
  [undefined, null],
  [{}, null],
  [{ title: 'Read' }, null],
  [{ readOnlyHint: true, destructiveHint: true }, 'reads'],
  [{ readOnlyHint: false, destructiveHint: false }, 'writes'],
  [{ readOnlyHint: false }, 'destroys'],
  [{ idempotentHint: true }, 'destroys'],
])('annotations %j: %s', (annotations, effect) => {
  expect(toolEffect(annotations === undefined ? {} : { annotations })).toBe(effect)
})
