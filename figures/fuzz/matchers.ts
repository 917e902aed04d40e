import assert from 'node:assert/strict'
import fc from 'fast-check'
import { guessLevel } from '../../engine/logs/level-guess.ts'
import { textMatcher } from '../../engine/store/text-matcher.ts'
import { argumentViolations } from '../../engine/tasks/check-arguments.ts'
import type { Tool } from '../../shared/server.ts'
import type { Property } from './property.ts'

const hard = ['a'.repeat(40), `${'a'.repeat(60)}!`, `${'ab'.repeat(30)}c`, `${' '.repeat(3000)}x`, '1'.repeat(3000)]
const text = fc.oneof(fc.constantFrom(...hard), fc.string({ unit: 'binary', maxLength: 200 }))
const pattern = fc.oneof(
  fc.constantFrom(
    '^(a+)+$',
    '(a|aa)+$',
    '(.*)*x',
    '([a-zA-Z]+)*$',
    '(a|a?)+$',
    '^(([a-z])+.)+[A-Z]([a-z])+$',
    '(?=(a+))*b',
  ),
  fc.string({ maxLength: 20 }),
)

export const search: Property = {
  name: 'search: any word in any text is found exactly where it stands',
  share: 4,
  run(runs, watch) {
    fc.assert(
      fc.property(pattern, text, fc.nat(50), (needle, haystack, at) => {
        const holding = `${haystack.slice(0, at)}${needle}${haystack.slice(at)}`
        watch.input(() => {
          assert.ok(textMatcher(needle)(holding))
          guessLevel(haystack)
        })
        const isAscii = /^[\x20-\x7e]*$/.test(needle + haystack)
        const expected = haystack.toLowerCase().includes(needle.toLowerCase())
        if (isAscii) assert.equal(textMatcher(needle)(haystack), expected)
      }),
      runs,
    )
  },
}

/** A schema comes from a server: a pattern or a web of references in it can take for ever. */
const schema = fc.letrec<{ schema: unknown }>((tie) => ({
  schema: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.record({ type: fc.constant('string'), pattern }),
    fc.constantFrom(
      { $ref: '#' },
      { $ref: '#/$defs/s29' },
      { type: 'string', format: 'email' },
      { format: 'uri' },
      true,
      7,
      null,
    ),
    fc.record({ anyOf: fc.array(tie('schema'), { maxLength: 3 }) }),
    fc.record({ properties: fc.dictionary(fc.constantFrom('a', 'b', '__proto__'), tie('schema'), { maxKeys: 3 }) }),
    fc.record({ patternProperties: fc.dictionary(pattern, tie('schema'), { maxKeys: 2 }) }),
    fc.record({ items: tie('schema'), uniqueItems: fc.boolean() }),
  ),
})).schema

export const argumentsByAnySchema: Property = {
  name: 'arguments: any schema of any server over any value is decided in time',
  share: 1,
  run(runs, watch) {
    const value = fc.oneof(fc.record({ a: text, b: fc.array(text, { maxLength: 3 }) }), text)
    fc.assert(
      fc.property(schema, value, (inner, parameters) => {
        const inputSchema = { ...(inner as object), $defs: web }
        const tool = { name: 'any', inputSchema } as Tool
        assert.ok(Array.isArray(watch.input(() => argumentViolations(tool, parameters))))
      }),
      runs,
    )
  },
}

/** Each step has two ways to the next: 2^30 ways through it. */
const steps = Array.from({ length: 30 }, (_, step) => [`s${step}`, step === 0 ? { type: 'null' } : twoWays(step - 1)])
const web = Object.fromEntries(steps)

function twoWays(step: number): object {
  return { anyOf: [{ $ref: `#/$defs/s${step}` }, { $ref: `#/$defs/s${step}` }] }
}
