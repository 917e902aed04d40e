import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mask } from '../../shared/mask.ts'
import { LineMasker } from './line-masker.ts'
import { Masker } from './masker.ts'
import { formsOf } from './secret-forms.ts'

const secret = fc
  .string({ unit: 'grapheme-ascii', minLength: 8, maxLength: 60 })
  .filter((text) => text.trim().length >= 8)
/** Text that shares no letter with a secret in any spelling, nor begins any pattern. */
const other = fc.string({ unit: fc.constantFrom('é', '☃', '\t', ' ', '|', '§'), maxLength: 40 })

function maskerFor(...values: string[]): Masker {
  const masker = new Masker()
  masker.learn(values)
  return masker
}

const encodings: Record<string, (text: string) => string> = {
  plain: (text) => text,
  json: (text) => JSON.stringify(text),
  'json twice': (text) => JSON.stringify(JSON.stringify(text)),
  url: encodeURIComponent,
  form: (text) => new URLSearchParams({ q: text }).toString(),
  hex: (text) => Buffer.from(text).toString('hex'),
  HEX: (text) => Buffer.from(text).toString('hex').toUpperCase(),
  base64: (text) => Buffer.from(text).toString('base64'),
  'base64 after one byte': (text) => Buffer.from(`:${text}!`).toString('base64'),
  'base64 after two bytes': (text) => Buffer.from(`u:${text}!!`).toString('base64'),
  base64url: (text) => Buffer.from(`${text}?`).toString('base64url'),
}

describe('the masker', () => {
  for (const [name, encode] of Object.entries(encodings)) {
    it(`leaves no known value in a text, ${name}`, () => {
      fc.assert(
        fc.property(secret, other, other, (value, before, after) => {
          const masked = maskerFor(value).text(before + encode(value) + after)
          expect(masked).toContain(mask)
          for (const form of formsOf(value).filter((one) => one.length >= 8)) expect(masked).not.toContain(form)
        }),
      )
    })
  }

  it('masks both halves of a value that was cut in two, or the larger one', () => {
    fc.assert(
      fc.property(secret, fc.nat(), other, (value, at, around) => {
        const whole = value.trim()
        fc.pre(whole.length >= 12)
        const cut = 1 + (at % (whole.length - 1))
        const masker = maskerFor(value)
        const parts = [masker.text(`${around}${whole.slice(0, cut)}`), masker.text(`${whole.slice(cut)}${around}`)]
        expect(parts.join('')).toContain(mask)
        expect(parts.join('')).not.toContain(whole)
      }),
    )
  })

  it('changes nothing the second time, and no other text at all', () => {
    fc.assert(
      fc.property(secret, other, other, (value, before, after) => {
        const masker = maskerFor(value)
        const once = masker.text(`${before}${value.trim()}${after}`)
        expect(masker.text(once)).toBe(once)
        expect(once).toBe(`${before}${mask}${after}`)
        expect(masker.text(before + after)).toBe(before + after)
      }),
    )
  })

  it('masks texts, keys and numbers of a JSON value and keeps one without secrets as it is', () => {
    const masker = maskerFor('hunter2hunter2', '7700112233')
    expect(
      masker.json({ a: ['x hunter2hunter2 y', 7700112233, 5], hunter2hunter2: true, headers: { Authorization: 'x' } }),
    ).toEqual({ a: [`x ${mask} y`, mask, 5], [mask]: true, headers: { Authorization: mask } })
    const plain = { a: [1, 'two', { three: null }] }
    expect(masker.json(plain)).toBe(plain)
  })

  it('masks a short value as a word only', () => {
    const masker = maskerFor('test')
    expect(masker.text('a test, the latest tests')).toBe(`a ${mask}, the latest tests`)
  })

  it.each(['a-b/c', '^$.*+', '?()[]', '{}|\\-', 'a b#&'])('masks a short value of any characters: %s', (value) => {
    expect(maskerFor(value).text(`is ${value} .`)).toBe(`is ${mask} .`)
  })

  it.each([
    ['Authorization: Bearer abc.def', `Authorization: Bearer ${mask}`],
    ['{"authorization":"Basic dXNlcjpwYXNz"}', `{"authorization":"Basic ${mask}"}`],
    ['Cookie: session=1; theme=dark', `Cookie: ${mask}`],
    ['token ghp_abcdefghijklmnopqrstuvwxyz012345 used', `token ${mask} used`],
    ['DB_PASSWORD=letmein next', `DB_PASSWORD=${mask} next`],
    ['postgres://app:letmein@db/x', `postgres://app:${mask}@db/x`],
    ['-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY----- rest', `${mask} rest`],
    ['Basic authentication is off, the cookie jar is empty, 12 tokens used', null],
  ])('masks by shape: %s', (text, masked) => {
    expect(new Masker().text(text)).toBe(masked ?? text)
  })

  it('masks a private key over many lines, of its source only', () => {
    const lines = new LineMasker(new Masker())
    const key = ['-----BEGIN PRIVATE KEY-----', 'MIIE', 'vQIB', '-----END PRIVATE KEY----- done', 'next']
    expect(key.map((line) => [lines.mask('a', line), lines.mask('b', 'MIIE')])).toEqual([
      [mask, 'MIIE'],
      [mask, 'MIIE'],
      [mask, 'MIIE'],
      [`${mask} done`, 'MIIE'],
      ['next', 'MIIE'],
    ])
  })
})
