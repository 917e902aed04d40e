import { describe, expect, it } from 'vitest'
import type { ServerId } from '../../../shared/ids.ts'
import { parseEntry } from '../../config/parse-entry.ts'
import { mendedEntry, wordsOf } from './mended-entry.ts'

const mend = (entry: unknown) => mendedEntry(parseEntry('it' as ServerId, 1, entry))?.entry ?? null

describe('an entry that cannot be used', () => {
  it.each([
    ['args as a text', { command: 'x', args: '-y "a b" c' }, { command: 'x', args: ['-y', 'a b', 'c'] }],
    ['a command as a list', { command: ['x', 'a'], args: ['b'] }, { command: 'x', args: ['a', 'b'] }],
    ['cmd for command', { cmd: 'x', args: [] }, { command: 'x', args: [] }],
    ['an unknown type', { type: 'local', command: 'x' }, { command: 'x' }],
    ['no scheme', { url: 'localhost:3000/mcp' }, { url: 'http://localhost:3000/mcp' }],
    ['null in env', { command: 'x', env: { A: null, B: 'b' } }, { command: 'x', env: { B: 'b' } }],
    [
      'one wrong setting among good ones',
      { command: 'x', signalbox: { timeout: 1, restart: false } },
      { command: 'x', signalbox: { restart: false } },
    ],
    ['two slips at once', { type: 'local', command: 'x', args: 'a' }, { command: 'x', args: ['a'] }],
    ['an unknown key beside a slip', { cmd: 'x', note: 1 }, { command: 'x', note: 1 }],
  ])('with %s is corrected', (_what, entry, corrected) => {
    expect(mend(entry)).toEqual(corrected)
  })

  it.each([
    ['an entry that is good', { command: 'x' }],
    ['an empty entry', {}],
    ['a command and an address', { command: 'x', url: 'http://h' }],
    ['no object', 7],
  ])('stays as it is: %s', (_what, entry) => {
    expect(mend(entry)).toBeNull()
  })
})

it('splits words as a shell does, quotes taken off', () => {
  expect(wordsOf(`npx -y "a b" 'c d' e`)).toEqual(['npx', '-y', 'a b', 'c d', 'e'])
})
