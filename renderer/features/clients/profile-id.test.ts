import { expect, test } from 'vitest'
import { profileIdSchema } from '../../../shared/client.ts'
import { profileIdOf } from './profile-id.ts'

test.each([
  ['Work', 'work'],
  ['  At home, read only! ', 'at-home-read-only'],
  ['Büro', 'buro'],
  [`${'a'.repeat(39)} b`, 'a'.repeat(39)],
  ['☃', ''],
])('%s gives %s', (name, id) => {
  expect(profileIdOf(name)).toBe(id)
  expect(profileIdSchema.safeParse(id).success).toBe(id !== '')
})
