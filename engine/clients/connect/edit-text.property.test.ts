import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AppError } from '../../../shared/app-error.ts'
import { decodeText, type TextSyntax } from '../decode-text.ts'
import { editText, entryTextIn, valueAt } from './edit-text.ts'

const word = fc.stringMatching(/^[a-z][a-z0-9_-]{0,6}$/)
const text = fc.oneof(
  word,
  fc.string({ maxLength: 12 }),
  fc.constantFrom('#', '//', '"', "'", '[a.b]', 'a: b', '\\', 'é'),
)
const entry = fc.record(
  {
    command: text,
    args: fc.array(text, { maxLength: 3 }),
    env: fc.dictionary(word, text, { maxKeys: 2 }),
    enabled: fc.boolean(),
  },
  { requiredKeys: ['command'] },
)
const comment = fc.stringMatching(/^[ \w"'[\]{}:,=]{0,12}$/)
const name = word.filter((key) => key !== 'ours' && key !== 'top')
const eol = fc.constantFrom('\n', '\r\n')
const indent = fc.constantFrom('  ', '    ')
const maybe = <T>(one: fc.Arbitrary<T>) => fc.option(one, { freq: 2 })

interface Written {
  syntax: TextSyntax
  text: string
}

/** JSON by hand, with comments wherever they may stand. */
const jsonc = fc
  .record({
    others: fc.uniqueArray(fc.tuple(name, fc.jsonValue({ maxDepth: 2 }), maybe(comment)), {
      selector: ([key]) => key,
      maxLength: 4,
    }),
    before: maybe(comment),
    hasTop: fc.boolean(),
    comma: fc.boolean(),
    isDense: fc.boolean(),
    eol,
    indent: fc.oneof(indent, fc.constant('\t')),
  })
  .map(({ others, before, hasTop, comma, isDense, eol, indent }): Written => {
    const pad = isDense ? '' : indent
    const end = isDense ? '' : eol
    const note = (said: string | null) => (said === null ? '' : isDense ? ` /*${said}*/` : ` //${said}`)
    const members = others.map(([key, value, said], index) => {
      const isLast = index === others.length - 1
      return `${pad}${pad}${JSON.stringify(key)}: ${JSON.stringify(value)}${isLast && !comma ? '' : ','}${note(said)}${end}`
    })
    const top = hasTop ? `${pad}"top": {${note(before)}${end}${members.join('')}${pad}}${comma ? ',' : ''}${end}` : ''
    return { syntax: 'jsonc', text: `{${end}${top}}${eol}` }
  })

const tomlString = (value: string) => JSON.stringify(value).replaceAll('\u007f', '\\u007F')

const toml = fc
  .record({
    others: fc.uniqueArray(fc.tuple(name, entry, maybe(comment), fc.boolean()), {
      selector: ([key]) => key,
      maxLength: 4,
    }),
    tail: fc.constantFrom('', '[[list]]\na = 1\n', '# end', "[z]\nx = '''\n[top.ours]\n'''\n", '[other."top.ours"]\n'),
    eol,
  })
  .map(({ others, tail, eol }): Written => {
    const tables = others.map(([key, { command, args = [], env = {} }, said, isQuoted]) => {
      const vars = Object.entries(env).map(([variable, value]) => `"${variable}" = ${tomlString(value)}`)
      return [
        `[top.${isQuoted ? `"${key}"` : key}]${said === null ? '' : ` #${said}`}`,
        `command = ${tomlString(command)}`,
        `args = [${args.map((arg) => `\n  ${tomlString(arg)}, # ]\n`).join('')}]`,
        ...(vars.length > 0 ? [`[top.${key}.env]`, ...vars] : []),
        '',
      ].join('\n')
    })
    return { syntax: 'toml', text: `a = "x" # top\n${tables.join('\n')}${tail}`.replaceAll('\n', eol) }
  })

const yaml = fc
  .record({
    others: fc.uniqueArray(fc.tuple(name, entry, maybe(comment), fc.boolean()), {
      selector: ([key]) => key,
      maxLength: 4,
    }),
    head: fc.constantFrom('', '# mine\n', '---\n', 'a: |\n  top:\n    ours: 1\n\n'),
    tail: fc.constantFrom('', 'z: 1\n', '# end\n', '\n\nz: >-\n  folded\n  text\n', 'z: 1'),
    hasTop: fc.boolean(),
    indent,
    eol,
  })
  .map(({ others, head, tail, hasTop, indent, eol }): Written => {
    const items = others.flatMap(([key, { command, args = [] }, said, isBlock]) => [
      `${indent}${key}:${said === null ? '' : ` #${said}`}`,
      `${indent}${indent}cmd: ${JSON.stringify(command)}`,
      ...(isBlock
        ? [`${indent}${indent}args:`, ...args.map((arg) => `${indent}${indent}- ${JSON.stringify(arg)}`)]
        : [`${indent}${indent}args: [${args.map((arg) => JSON.stringify(arg)).join(', ')}]`]),
    ])
    const top = hasTop ? [`top: # all`, ...items, ''].join('\n') : ''
    return { syntax: 'yaml', text: `${head}${top}${tail}`.replaceAll('\n', eol) }
  })

const path = ['top', 'ours']
const read = ({ syntax, text }: Written) => {
  const decoded = text.trim() === '' ? ({ kind: 'value', value: {} } as const) : decodeText(text, syntax)
  return decoded.kind === 'value' ? (structuredClone(decoded.value) ?? {}) : null
}

/** Whether one text has every character of the other, in their order. */
function contains(whole: string, part: string): boolean {
  let at = 0
  for (const character of whole) if (part.startsWith(character, at)) at += character.length
  return at >= part.length
}

describe.each([
  ['jsonc', jsonc],
  ['toml', toml],
  ['yaml', yaml],
] as const)('any %s text', (_syntax, texts) => {
  it('takes an entry without losing a character, and reads back as it was meant', () => {
    let edited = 0
    fc.assert(
      fc.property(texts, entry, fc.boolean(), (written, ours, hasMark) => {
        fc.pre(read(written) !== null)
        const before = (hasMark ? '\uFEFF' : '') + written.text
        const after = editText(before, written.syntax, [{ kind: 'set', path, entry: ours }])
        expect(contains(after, before)).toBe(true)
        expect(valueAt(read({ ...written, text: after }), path)).toEqual(ours)
        expect(entryTextIn(after, written.syntax, path)).not.toBeNull()
        edited += 1
      }),
      { numRuns: 400 },
    )
    // Texts that no reader takes are passed over: most must not be.
    expect(edited).toBeGreaterThan(300)
  })

  it('gives the entry back: what is left means what it did before', () => {
    fc.assert(
      fc.property(texts, entry, entry, (written, first, second) => {
        fc.pre(read(written) !== null)
        const set = (current: string, ours: typeof first) =>
          editText(current, written.syntax, [{ kind: 'set', path, entry: ours }])
        const removed = editText(set(set(written.text, first), second), written.syntax, [{ kind: 'remove', path }])
        const meaning = (value: unknown) => {
          const { top = {}, ...others } = value as Record<string, unknown>
          return { ...others, top: top ?? {} }
        }
        expect(meaning(read({ ...written, text: removed }))).toEqual(meaning(read(written)))
      }),
      { numRuns: 200 },
    )
  })
})

it('refuses or edits whatever it is given, and never fails in another way', () => {
  const anything = fc.oneof(
    fc.string({ maxLength: 60 }),
    fc.json(),
    jsonc.map(({ text: one }) => one),
    yaml.map(({ text: one }) => one),
  )
  fc.assert(
    fc.property(anything, fc.constantFrom<TextSyntax>('jsonc', 'toml', 'yaml'), entry, (given, syntax, ours) => {
      try {
        editText(given, syntax, [{ kind: 'set', path, entry: ours }])
      } catch (error) {
        if (!(error instanceof AppError)) throw error
      }
    }),
    { numRuns: 500 },
  )
})
