import assert from 'node:assert/strict'
import fc from 'fast-check'
import { LineSplitter } from '../../engine/logs/line-splitter.ts'
import { Masker } from '../../engine/secrets/masker.ts'
import { mask } from '../../shared/mask.ts'
import type { Property } from './property.ts'

const secret = fc
  .oneof(
    fc.string({ unit: 'grapheme-ascii', minLength: 8, maxLength: 60 }),
    fc.string({ unit: 'grapheme', minLength: 8, maxLength: 40 }),
    fc.stringMatching(/^[0-9a-f]{16,40}$/),
  )
  // Lone surrogates have no bytes, and a text in which one thing stands again and again masks in many ways.
  .filter((text) => text.trim() === text && text.isWellFormed() && new Set(text).size >= 6)

/** Text that shares no character with a secret in any spelling, and begins no pattern. */
const around = fc.string({ unit: fc.constantFrom('☃', ' ', '|', '§', '¤', '…'), maxLength: 40 })

/** As other programs write a text into theirs. Written apart from the forms that the masker looks for. */
const encodings: readonly ((text: string) => string)[] = [
  (text) => text,
  (text) => JSON.stringify(text),
  (text) => JSON.stringify({ inner: JSON.stringify({ text }) }),
  (text) => encodeURIComponent(text),
  (text) => new URLSearchParams({ q: text }).toString(),
  (text) => Buffer.from(text).toString('hex'),
  (text) => Buffer.from(text).toString('hex').toUpperCase(),
  (text) => Buffer.from(text).toString('base64'),
  (text) => Buffer.from(`:${text}!`).toString('base64'),
  (text) => Buffer.from(`u:${text}!!`).toString('base64url'),
]

const told = fc.tuple(secret, fc.constantFrom(...encodings), around, around)

export const redactor: Property = {
  name: 'redactor: a secret in any encoding within any text is masked, what stands around it is not, twice the same',
  share: 4,
  run(runs, watch) {
    fc.assert(
      fc.property(told, ([value, encode, before, after]) => {
        const masker = maskerOf(value)
        const given = `${before}${encode(value)}${after}`
        const masked = watch.input(() => masker.text(given))
        assert.ok(masked.includes(mask), `nothing was masked in ${JSON.stringify(given)}`)
        for (const one of encodings) hides(masked, one(value))
        assert.ok(masked.startsWith(before) && masked.endsWith(after), 'more than the secret has changed')
        assert.equal(masker.text(masked), masked, 'the second time changes it again')
        assert.equal(masker.text(before + after), before + after)
      }),
      runs,
    )
  },
}

export const redactorInChunks: Property = {
  name: 'redactor: a secret in any chunks of a pipe, and anywhere in a JSON value, is masked',
  share: 2,
  run(runs, watch) {
    fc.assert(
      fc.property(told, fc.array(fc.nat(), { maxLength: 6 }), ([value, encode, before, after], cuts) => {
        fc.pre(!/[\r\n\0]/.test(value))
        const masker = maskerOf(value)
        const bytes = Buffer.from(`${before}${encode(value)}${after}\n`)
        const splitter = new LineSplitter()
        const lines = watch.input(() => chunksOf(bytes, cuts).flatMap((chunk) => splitter.push(chunk)))
        for (const line of lines) hides(masker.text(line), encode(value))
        const json = { [value]: [before + value, { deep: after + encode(value) }] }
        const masked = watch.input(() => masker.json(json))
        hides(JSON.stringify(masked), value)
        assert.equal(
          watch.input(() => masker.jsonText(JSON.stringify(json))),
          JSON.stringify(masked),
        )
        assert.deepEqual(masker.json(masked), masked)
      }),
      runs,
    )
  },
}

function maskerOf(value: string): Masker {
  const masker = new Masker()
  masker.learn([value])
  return masker
}

function hides(masked: string, form: string): void {
  assert.ok(!masked.includes(form), `${JSON.stringify(form)} stands in ${JSON.stringify(masked)}`)
}

function chunksOf(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const places = [...new Set(cuts.map((cut) => cut % bytes.length))].sort((a, b) => a - b)
  return [0, ...places].map((from, index) => bytes.subarray(from, places[index] ?? bytes.length))
}
