import assert from 'node:assert/strict'
import fc from 'fast-check'
import { visible, visibleLine } from '../../cli/visible.ts'
import { visibleText } from '../../renderer/features/logs/log-text.ts'
import type { Property } from './property.ts'

const piece = fc.oneof(
  fc.constantFrom(
    '\x1b[31m',
    '\x1b]8;;http://x\x07',
    '\x1b]52;c;eA==\x07',
    '\x9b1m',
    '\x90',
    '\x07',
    '\r',
    '\r\n',
    '\n',
    '\t',
  ),
  fc.constantFrom(
    '\u202e',
    '\u2066',
    '\u200b',
    '\u200f',
    '\u2028',
    '\ufeff',
    '\u061c',
    '\u0000',
    '\ud800',
    '👩‍👩‍👧',
    'e\u0301',
  ),
  fc.constantFrom('<script>', '<img src=x onerror=alert(1)>', '&lt;', 'plain words', '雪'),
  fc.string({ unit: 'binary', maxLength: 6 }),
)
const text = fc.array(piece, { maxLength: 20 }).map((pieces) => pieces.join(''))

/** Controls, and what turns the direction of the characters after it. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must be gone
const active = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\ufeff\p{Bidi_Control}]/u

export const visibleInTerminal: Property = {
  name: 'terminal: any text comes out without a control but line end and tab, its words kept, twice the same',
  share: 3,
  run(runs, watch) {
    fc.assert(
      fc.property(text, (given) => {
        const [many, one] = watch.input(() => [visible(given), visibleLine(given)] as const)
        assert.ok(!active.test(many), JSON.stringify(many))
        assert.ok(!active.test(one) && !/[\n\t]/.test(one), JSON.stringify(one))
        assert.equal(visible(many), many)
        keepsWords(given, many)
      }),
      runs,
    )
  },
}

/** The page draws escapes of colours itself; all else must come out as text. */
export const visibleOnPage: Property = {
  name: 'page: any log text comes out without a control but tab and escape, its words kept, twice the same',
  share: 3,
  run(runs, watch) {
    fc.assert(
      fc.property(text, (given) => {
        const shown = watch.input(() => visibleText(given))
        assert.ok(!active.test(shown.replaceAll('\x1b', '')), JSON.stringify(shown))
        assert.ok(!/[\n\u200b]/.test(shown), JSON.stringify(shown))
        assert.equal(visibleText(shown), shown)
        keepsWords(given, shown)
      }),
      runs,
    )
  },
}

/** Every character that does nothing but look like itself is there, in its order. */
function keepsWords(given: string, shown: string): void {
  let at = 0
  for (const letter of given.match(/[\p{L}\p{N}\p{P}\p{S} ]/gu) ?? []) {
    at = shown.indexOf(letter, at)
    assert.notEqual(at, -1, `${JSON.stringify(letter)} is gone from ${JSON.stringify(shown)}`)
    at += letter.length
  }
}
