import fc from 'fast-check'
import { expect, test } from 'vitest'
import { LineMasker } from '../secrets/line-masker.ts'
import { Masker } from '../secrets/masker.ts'
import { levelByte } from '../store/log-block.ts'
import { serverId } from '../store/test-store.ts'
import { guessLevel } from './level-guess.ts'
import { LineReader } from './line-reader.ts'

const origin = { server: serverId('notes'), run_id: null, stream: 'stderr' } as const
const secret = 'tr0ub4dor-and-3'

const piece = fc.constantFrom(
  secret,
  secret.slice(0, 9),
  secret.slice(6),
  Buffer.from(secret).toString('base64'),
  'pin7',
  'ghp_0123456789012345678901234567890123456',
  'password=hunter22',
  '-----BEGIN RSA PRIVATE KEY-----',
  '-----END RSA PRIVATE KEY-----',
  'MIIEowIBAAKCAQEA',
  'WARN',
  'level=error ',
  'E1122 14:07:15.5 x]',
  '{"level":"fatal"}',
  '\u001b[31mER\u001b[0mROR: ',
  'panic: ',
  'TypeError: x',
  'plain words ',
  ' ',
  'ü',
)
const line = fc.array(piece, { maxLength: 4 }).map((pieces) => pieces.join(''))
const chunk = fc.array(line, { minLength: 1, maxLength: 8 })

test('reads many lines at once exactly as one by one', () => {
  fc.assert(
    fc.property(fc.array(chunk, { minLength: 1, maxLength: 4 }), (chunks) => {
      const masker = new Masker()
      masker.learn([secret, 'pin7'])
      const reader = new LineReader(masker)
      const oneByOne = new LineMasker(masker)
      for (const lines of chunks) {
        const { text, levels } = reader.read(origin, Buffer.from(lines.join('\n')))
        expect(text.toString().split('\n')).toEqual(lines.map((one) => oneByOne.mask('notes', one)))
        expect([...levels]).toEqual(lines.map((one) => levelByte(guessLevel(one), true)))
      }
    }),
    { numRuns: 3_000 },
  )
})

test('every word that names a level other than info is noticed', () => {
  const words =
    'trace debug dbg verbose warn warning wrn error err severe fatal critical crit panic emerg emergency alert'
  const reader = new LineReader(new Masker())
  for (const word of words.split(' ')) {
    const { levels } = reader.read(origin, Buffer.from(`[${word}] x`))
    expect([...levels], word).toEqual([levelByte(guessLevel(`[${word}] x`), true)])
    expect(guessLevel(`[${word}] x`), word).not.toBe('info')
  }
})
