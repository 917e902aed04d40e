import { expect, test } from 'vitest'
import { matchTitle } from './match.ts'

test('every word of the query must stand in the title, in any order', () => {
  expect(matchTitle('Restart sentry', 'rest se')?.ranges).toEqual([
    [0, 4],
    [8, 10],
  ])
  expect(matchTitle('Restart sentry', 'sen res')?.ranges).toEqual([
    [0, 3],
    [8, 11],
  ])
  expect(matchTitle('Restart sentry', 'rest x')).toBeNull()
})

test('prefers the start of a word, and never takes the same letters twice', () => {
  expect(matchTitle('reset set', 'set')?.ranges).toEqual([[6, 9]])
  expect(matchTitle('set', 'set set')).toBeNull()
  expect(matchTitle('search_files', 'files')?.ranges).toEqual([[7, 12]])
})

test('a word start outranks an inner match, and of two equal ones the shorter wins', () => {
  const score = (title: string): number => matchTitle(title, 'log')!.score
  expect(score('Open log')).toBeGreaterThan(score('catalog'))
  expect(score('Open log')).toBeGreaterThan(score('Open the log of git'))
})
