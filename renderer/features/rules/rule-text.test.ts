import { expect, it } from 'vitest'
import { placed, pointerOf, pointerParts, readText, writeText } from './rule-text.ts'

const rule = { name: 'a', steps: [{ kind: 'tool', arguments: { 'a/b': '${event.id}', list: [1, 'two'] } }], body: null }

it.each(['json', 'yaml'] as const)('what is written as %s is read back as it was', (format) => {
  expect(readText(writeText(rule, format), format)).toEqual({ kind: 'value', value: rule })
})

it.each([
  ['json', '{"a": 1,\n "b": }', 2],
  ['json', '{"a": 1,}', 1],
  ['json', 'a: 1', 1],
  ['yaml', 'a: 1\nb: [1', 2],
  ['yaml', 'a: 1\na: 2', 2],
] as const)('%s that cannot be read says where: %j', (format, text, line) => {
  const read = readText(text, format)
  expect(read.kind === 'broken' && read.findings[0]).toMatchObject({ severity: 'error', line })
})

it.each(['json', 'yaml'] as const)(
  'a problem stands at its value in %s, and at the part where the value is missing',
  (format) => {
    const text = writeText(rule, format)
    const at = (path: string): string => {
      const [found] = placed(text, [{ path, severity: 'error', message: 'It is wrong.', column: null }])
      return text.slice(found!.from, found!.to)
    }
    expect(at('/name')).toContain('a')
    expect(at('/steps/0/arguments/a~1b')).toContain('${event.id}')
    expect(at('/steps/0/arguments/list/1')).toContain('two')
    expect(at('/steps/0/server')).toHaveLength(1)
    expect(at('/steps/7')).toHaveLength(1)
    expect(at('')).toHaveLength(1)
  },
)

it('takes pointers apart and puts them together', () => {
  expect(pointerParts(pointerOf(['steps', 0, 'a/b~c']))).toEqual(['steps', '0', 'a/b~c'])
  expect(pointerParts('')).toEqual([])
})
