import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { removeValue, setValue } from './edit-jsonc.ts'
import { parseJsonc, plainValue } from './jsonc.ts'

const lines = (...rows: string[]) => rows.join('\n')

function read(text: string): unknown {
  const parsed = parseJsonc(text)
  if (parsed.kind === 'problem') throw new Error(`${parsed.problem.message} in ${text}`)
  return plainValue(parsed.root)
}

describe('setValue', () => {
  it('adds a property after the last one and leaves the comments where they are', () => {
    const text = lines(
      '{',
      '  "mcpServers": {',
      '    "a": { "command": "x" } // why a',
      '    // "off": { "command": "y" }',
      '  }',
      '}',
    )
    expect(setValue(text, ['mcpServers', 'b'], { command: 'z', args: ['-y', 'p'] })).toBe(
      lines(
        '{',
        '  "mcpServers": {',
        '    "a": { "command": "x" }, // why a',
        '    // "off": { "command": "y" }',
        '    "b": {',
        '      "command": "z",',
        '      "args": ["-y", "p"]',
        '    }',
        '  }',
        '}',
      ),
    )
  })

  it('keeps tabs, CRLF and a trailing comma', () => {
    const text = '{\r\n\t"mcpServers": {\r\n\t\t"a": {},\r\n\t},\r\n}\r\n'
    expect(setValue(text, ['mcpServers', 'b'], { command: 'z' })).toBe(
      '{\r\n\t"mcpServers": {\r\n\t\t"a": {},\r\n\t\t"b": {\r\n\t\t\t"command": "z"\r\n\t\t},\r\n\t},\r\n}\r\n',
    )
  })

  it('makes the objects on the way', () => {
    expect(setValue('{}', ['mcpServers', 'a'], { command: 'x' })).toBe(
      lines('{', '  "mcpServers": {', '    "a": {', '      "command": "x"', '    }', '  }', '}'),
    )
  })

  it('stays on one line in a text of one line', () => {
    expect(setValue('{ "a": 1 }', ['b'], [2])).toBe('{ "a": 1, "b": [2] }')
  })

  it('changes only the members that differ, in their place', () => {
    const text = lines(
      '{',
      '  "a": {',
      '    // pinned',
      '    "command": "x", // kept',
      '    "args": ["1"],',
      '    "future": { "k": [1, 2] }',
      '  }',
      '}',
    )
    expect(setValue(text, ['a'], { command: 'x', args: ['2'], future: { k: [1, 2] }, cwd: '/' })).toBe(
      lines(
        '{',
        '  "a": {',
        '    // pinned',
        '    "command": "x", // kept',
        '    "args": ["2"],',
        '    "future": { "k": [1, 2] },',
        '    "cwd": "/"',
        '  }',
        '}',
      ),
    )
  })
})

describe('removeValue', () => {
  const text = lines('{', '  // first', '  "a": 1, // of a', '  // second', '  "b": 2, // of b', '  "c": 3', '}')

  it('takes the line with its own comment and leaves the neighbours', () => {
    expect(removeValue(text, ['b'])).toBe(lines('{', '  // first', '  "a": 1, // of a', '  // second', '  "c": 3', '}'))
  })

  it('takes the comma of the property before when the last one goes', () => {
    expect(removeValue(text, ['c'])).toBe(
      lines('{', '  // first', '  "a": 1, // of a', '  // second', '  "b": 2 // of b', '}'),
    )
  })

  it('works inside one line', () => {
    expect(removeValue('{ "a": 1, "b": 2 }', ['a'])).toBe('{ "b": 2 }')
    expect(removeValue('{ "a": 1 }', ['a'])).toBe('{ }')
  })

  it('changes nothing when there is no such property', () => {
    expect(removeValue(text, ['x', 'y'])).toBe(text)
  })
})

describe('any sequence of edits', () => {
  const key = fc.constantFrom('a', 'b', 'c, d', '__proto__', '"/*"', 'x//y')
  // JSON writes -0 as 0.
  const json = fc.jsonValue({ maxDepth: 3 }).map((value) => JSON.parse(JSON.stringify(value)))
  const edit = fc.oneof(
    fc.record({ kind: fc.constant('set' as const), path: fc.tuple(key, key), value: json }),
    fc.record({ kind: fc.constant('remove' as const), path: fc.tuple(key, key), value: fc.constant(null) }),
  )
  const seed = lines(
    '// head',
    '{',
    '  "a": { "k": 1, /* in , side */ "c, d": 2, }, // beside',
    '  "b": 7',
    '}',
    '// foot',
  )

  it('reads back as the same edits made on the value, with the comments outside of edited members kept', () => {
    fc.assert(
      fc.property(fc.array(edit, { maxLength: 8 }), (edits) => {
        let text = seed
        const model = read(seed) as Record<string, unknown>
        for (const { kind, path, value } of edits) {
          const [outer, inner] = path
          const holder = Object.getOwnPropertyDescriptor(model, outer)?.value
          const isHolder = typeof holder === 'object' && holder !== null && !Array.isArray(holder)
          if (kind === 'set') {
            text = setValue(text, path, value)
            const target = isHolder ? holder : {}
            define(model, outer, define(target, inner, structuredClone(value)))
          } else {
            text = removeValue(text, path)
            if (isHolder) delete holder[inner]
          }
          expect(read(text)).toEqual(model)
          expect(text.startsWith('// head\n')).toBe(true)
          expect(text.endsWith('// foot')).toBe(true)
        }
      }),
      { numRuns: 300 },
    )
  })
})

function define(target: object, key: string, value: unknown): object {
  return Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true })
}
