import { expect, test } from 'vitest'
import { commandLine, entryProblem, parseEntry } from './entry-text.ts'

test.each([
  [{ command: 'npx', args: ['-y'], env: { A: '1' }, extra: true }, null],
  [{ url: 'https://x.test/mcp', headers: {} }, null],
  [[], 'An entry is an object in braces.'],
  [{}, 'An entry needs a command or a url.'],
  [{ command: 'a', url: 'b' }, 'An entry has either a command or a url, not both.'],
  [{ command: 'a', args: [1] }, 'args is a list of texts.'],
  [{ command: 'a', env: { A: 1 } }, 'env maps names to texts.'],
])('finds what keeps a value from being an entry: case %#', (value, problem) => {
  expect(entryProblem(value)).toBe(problem)
})

test('keeps every key of the text', () => {
  expect(parseEntry('{"command":"a","x":{"y":[1]}}')).toEqual({ kind: 'entry', entry: { command: 'a', x: { y: [1] } } })
  expect(parseEntry('{"command":').kind).toBe('problem')
})

test('quotes what a shell would split', () => {
  const launch = { command: '/usr/bin/node', args: ['a b', "it's", '--port=1'], cwd: '/', path: [], env_names: [] }
  expect(commandLine(launch)).toBe(String.raw`/usr/bin/node 'a b' 'it'\''s' --port=1`)
})
