import { expect, test } from 'vitest'
import type { Hunk } from '../../../shared/connect-contract.ts'
import { diffLines } from './diff-lines.ts'

type Kind = Hunk['lines'][number]['kind']
const hunk = (...lines: [Kind, string][]): Hunk => ({
  before_start: 10,
  after_start: 20,
  lines: lines.map(([kind, text]) => ({ kind, text })),
})
const told = (one: Hunk) =>
  diffLines(one).map(({ kind, number, parts }) => [
    kind,
    number,
    parts.map((part) => `${part.kind}:${part.text}`).join('|'),
  ])

test('lines are numbered in their own text', () => {
  expect(told(hunk(['same', 'a'], ['removed', 'b'], ['same', 'c'], ['added', 'd'], ['same', 'e']))).toEqual([
    ['same', 20, 'same:a'],
    ['removed', 11, 'same:b'],
    ['same', 21, 'same:c'],
    ['added', 22, 'same:d'],
    ['same', 23, 'same:e'],
  ])
})

test('a line and the one in its place are compared word by word', () => {
  const one = hunk(
    ['removed', '  "a": 1'],
    ['removed', 'gone'],
    ['added', '  "a": 1,'],
    ['same', '}'],
    ['added', 'new'],
  )
  expect(told(one)).toEqual([
    ['removed', 10, 'same:  "a": 1'],
    ['removed', 11, 'same:gone'],
    ['added', 20, 'same:  "a": 1|new:,'],
    ['same', 21, 'same:}'],
    ['added', 22, 'same:new'],
  ])
})

test('the parts of a line give it again', () => {
  const lines: [Kind, string][] = [
    ['removed', 'x = 1 # old'],
    ['removed', 'y'],
    ['added', 'x = 22 # new'],
    ['added', 'z'],
    ['added', 'w'],
  ]
  expect(diffLines(hunk(...lines)).map(({ parts }) => parts.map(({ text }) => text).join(''))).toEqual(
    lines.map(([, text]) => text),
  )
})
