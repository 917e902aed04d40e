import { expect, test } from 'vitest'
import type { Action } from '../../actions.ts'
import { findActions } from './find-actions.ts'
import type { Section } from './sources.ts'

const action = (title: string): Action => ({ id: title, title, glyph: 'play', run: () => undefined })
const sections: readonly Section[] = [
  { name: 'Do', prefix: '>', actions: ['Go to Home', 'Restart sentry', 'Restart sequential-thinking'].map(action) },
  { name: 'Servers', prefix: '@', actions: ['git', 'sentry'].map(action) },
  { name: 'Tasks', prefix: '#', actions: ['fetch page'].map(action) },
]

function titles(input: string): Record<string, string[]> {
  return Object.fromEntries(
    findActions(sections, input).map(({ value, items }) => [value, items.map((item) => item.action.title)]),
  )
}

test('finds doings by every word and things by the last one', () => {
  expect(titles('rest se')).toEqual({ Do: ['Restart sentry', 'Restart sequential-thinking'], Servers: ['sentry'] })
})

test('a prefix keeps to its own section', () => {
  expect(titles('@')).toEqual({ Servers: ['git', 'sentry'] })
  expect(titles('#fetch')).toEqual({ Tasks: ['fetch page'] })
})

test('an empty query shows the first of each section in their own order', () => {
  expect(titles('').Do).toEqual(['Go to Home', 'Restart sentry', 'Restart sequential-thinking'])
})

test('nothing found is no section at all', () => {
  expect(findActions(sections, 'zzz')).toEqual([])
})
