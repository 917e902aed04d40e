import { expect, it } from 'vitest'
import { valueAt, withValueAt } from './at-path.ts'

const rule = { name: 'a', steps: [{ name: 'one' }, { name: 'two' }] }

it('reads what stands at a path, and nothing where nothing does', () => {
  expect(valueAt(rule, ['steps', 1, 'name'])).toBe('two')
  expect(valueAt(rule, ['steps', 9, 'name'])).toBeUndefined()
  expect(valueAt(rule, [])).toBe(rule)
})

it('changes one place, makes what leads to it, and leaves the rest as it is', () => {
  const changed = withValueAt(rule, ['steps', 1, 'name'], 'new') as typeof rule
  expect(changed).toEqual({ name: 'a', steps: [{ name: 'one' }, { name: 'new' }] })
  expect(changed.steps[0]).toBe(rule.steps[0])
  expect(withValueAt({}, ['limits', 'rate'], 1)).toEqual({ limits: { rate: 1 } })
  expect(withValueAt({ a: 1, b: 2 }, ['a'], undefined)).toEqual({ b: 2 })
})
