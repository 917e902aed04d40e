import { expect, test } from 'vitest'
import { RowWatch } from './row-watch.ts'

const a = { id: 1, state: 'open' }
const b = { id: 2, state: 'open' }

test('new rows are those that no look before the last found, each once', () => {
  const watch = new RowWatch({ key: 'id', tells: 'new_rows' })
  expect(watch.look([a])).toEqual([])
  expect(watch.look([a, b, { ...b, state: 'twice' }])).toEqual([{ ...b, state: 'twice' }])
  expect(watch.look([{ ...a, state: 'sent' }, b])).toEqual([])
})

test('without a key a row that changed is a new one', () => {
  const watch = new RowWatch({ key: null, tells: 'new_rows' })
  expect(watch.look([a, b])).toEqual([])
  expect(watch.look([{ ...a, state: 'sent' }, b])).toEqual([{ ...a, state: 'sent' }])
})

test('an alert is told when rows appear after there were none, and not again while there are any', () => {
  const watch = new RowWatch({ key: null, tells: 'appears' })
  expect(watch.look([a])).toEqual([])
  expect(watch.look([a, b])).toEqual([])
  expect(watch.look([])).toEqual([])
  expect(watch.look([b, a])).toEqual([b])
  expect(watch.look([a])).toEqual([])
})
