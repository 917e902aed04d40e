import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { type Signing, signingSchema } from '../../shared/webhooks.ts'
import { type Proof, verifySignature } from './verify-signature.ts'

const nowMs = Date.parse('2026-11-22T14:00:00Z')
const now = String(nowMs / 1000)
const secret = 'a secret of some length'
const body = Buffer.from('{"emoji":"🚦","accent":"é"}')

function proofOf(signing: Signing, headers: Record<string, string>, sent: Buffer = body, secrets = [secret]): Proof {
  return verifySignature(signing, secrets, { header: (name) => headers[name] ?? null, body: sent, nowMs })
}

const verdictOf = (proof: Proof): string => (proof.kind === 'signed' ? 'signed' : proof.verdict)
const hmac = (text: string | Buffer, encoding: 'hex' | 'base64', key: string | Buffer = secret, algorithm = 'sha256') =>
  createHmac(algorithm, key).update(text).digest(encoding)

describe('a delivery of GitHub', () => {
  const signature = `sha256=${hmac(body, 'hex')}`
  const headers = { 'x-hub-signature-256': signature, 'x-github-delivery': 'one' }
  const github: Signing = { kind: 'github' }

  it('is signed over its bytes by any of the secrets', () => {
    expect(verdictOf(proofOf(github, headers))).toBe('signed')
    expect(verdictOf(proofOf(github, headers, body, ['another', secret]))).toBe('signed')
    expect(verdictOf(proofOf(github, headers, body, [secret, 'another']))).toBe('signed')
  })

  it('agrees with the example in the documentation of GitHub', () => {
    const proof = proofOf(
      github,
      {
        'x-hub-signature-256': 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17',
        'x-github-delivery': 'one',
      },
      Buffer.from('Hello, World!'),
      ["It's a Secret to Everybody"],
    )
    expect(verdictOf(proof)).toBe('signed')
  })

  it.each<[string, Record<string, string>, Buffer, string[], string]>([
    ['an altered byte', headers, Buffer.from(body.toString().replace('é', 'e')), [secret], 'bad_signature'],
    ['another secret', headers, body, ['another'], 'bad_signature'],
    ['no secrets', headers, body, [], 'bad_signature'],
    ['a cut signature', { ...headers, 'x-hub-signature-256': signature.slice(0, -1) }, body, [secret], 'bad_signature'],
    [
      'two signatures',
      { ...headers, 'x-hub-signature-256': `${signature}, ${signature}` },
      body,
      [secret],
      'bad_signature',
    ],
    ['no signature', { 'x-github-delivery': 'one' }, body, [secret], 'no_signature'],
    [
      'SHA-1 alone',
      { 'x-hub-signature': `sha1=${hmac(body, 'hex', secret, 'sha1')}` },
      body,
      [secret],
      'wrong_algorithm',
    ],
    [
      'SHA-1 in the place of SHA-256',
      { ...headers, 'x-hub-signature-256': `sha1=${hmac(body, 'hex', secret, 'sha1')}` },
      body,
      [secret],
      'wrong_algorithm',
    ],
    ['no delivery id', { 'x-hub-signature-256': signature }, body, [secret], 'no_id'],
    ['a delivery id that is a text', { ...headers, 'x-github-delivery': 'a b' }, body, [secret], 'no_id'],
  ])('is refused with %s', (_name, sent, bytes, secrets, verdict) => {
    expect(verdictOf(proofOf(github, sent, bytes, secrets))).toBe(verdict)
  })

  it('is known again by its id and, as that is not signed, by its body', () => {
    const one = proofOf(github, headers)
    const other = proofOf(github, { ...headers, 'x-github-delivery': 'two' })
    if (one.kind !== 'signed' || other.kind !== 'signed') throw new Error('not signed')
    expect(one.keys.map(({ verdict }) => verdict)).toEqual(['duplicate', 'replayed'])
    expect(other.keys[0]).not.toEqual(one.keys[0])
    expect(other.keys[1]).toEqual(one.keys[1])
  })
})

describe('a delivery of Standard Webhooks', () => {
  const standard: Signing = { kind: 'standard', tolerance_s: 300 }
  const key = Buffer.from('0123456789abcdef0123456789abcdef')
  const whsec = `whsec_${key.toString('base64')}`
  const signed = (timestamp: string, id = 'msg_1') => ({
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': `v1,${hmac(Buffer.concat([Buffer.from(`${id}.${timestamp}.`), body]), 'base64', key)}`,
  })

  it('agrees with the example of the specification', () => {
    const text = '{"test": 2432232314}'
    const headers = {
      'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      'webhook-timestamp': '1614265330',
      'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    }
    const request = { header: (name: string) => headers[name as keyof typeof headers] ?? null, body: Buffer.from(text) }
    const secrets = ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw']
    expect(verdictOf(verifySignature(standard, secrets, { ...request, nowMs: 1614265330_000 }))).toBe('signed')
  })

  it.each<[string, Record<string, string>, string]>([
    ['now', signed(now), 'signed'],
    ['at the edge of the tolerance', signed(String(Number(now) - 300)), 'signed'],
    ['too long ago', signed(String(Number(now) - 301)), 'stale'],
    ['ahead of our clock', signed(String(Number(now) + 301)), 'stale'],
    ['with no time', signed('soon'), 'stale'],
    ['with another id', { ...signed(now), 'webhook-id': 'msg_2' }, 'bad_signature'],
    ['with another time', { ...signed(now), 'webhook-timestamp': String(Number(now) + 1) }, 'bad_signature'],
    [
      'by a key of ours among others',
      { ...signed(now), 'webhook-signature': `v1,AAAA ${signed(now)['webhook-signature']}` },
      'signed',
    ],
    ['in another version alone', { ...signed(now), 'webhook-signature': 'v1a,AAAA' }, 'wrong_algorithm'],
    ['without an id', { ...signed(now), 'webhook-id': '' }, 'no_id'],
  ])('signed %s is judged by that', (_name, headers, verdict) => {
    expect(verdictOf(proofOf(standard, headers, body, [whsec]))).toBe(verdict)
  })
})

describe('a delivery with a header of its own', () => {
  const slack = signingSchema.parse({
    kind: 'hmac',
    header: 'X-Slack-Signature',
    prefix: 'v0=',
    signs: 'v0:{timestamp}:{body}',
    timestamp_header: 'X-Slack-Request-Timestamp',
  })
  const sent = (timestamp: string) => ({
    'x-slack-signature': `v0=${hmac(Buffer.concat([Buffer.from(`v0:${timestamp}:`), body]), 'hex')}`,
    'x-slack-request-timestamp': timestamp,
  })

  it('is judged by its form', () => {
    expect(verdictOf(proofOf(slack, sent(now)))).toBe('signed')
    expect(verdictOf(proofOf(slack, sent('1')))).toBe('stale')
    expect(verdictOf(proofOf(slack, { ...sent(now), 'x-slack-request-timestamp': '1' }))).toBe('bad_signature')
    expect(verdictOf(proofOf(slack, { 'x-slack-signature': 'v1=00' }))).toBe('wrong_algorithm')
    expect(verdictOf(proofOf(slack, {}))).toBe('no_signature')
  })

  it('may be signed with SHA-512 in base64, and be the same twice where that was agreed', () => {
    const form = { kind: 'hmac', header: 'X-Signature', algorithm: 'sha512', encoding: 'base64' }
    const headers = { 'x-signature': hmac(body, 'base64', secret, 'sha512') }
    expect(proofOf(signingSchema.parse(form), headers)).toMatchObject({ keys: [{ verdict: 'replayed' }] })
    expect(proofOf(signingSchema.parse({ ...form, may_repeat: true }), headers)).toMatchObject({ keys: [] })
  })

  it.each([
    ['a body that is not signed', { signs: 'x' }],
    ['a time that is not signed', { timestamp_header: 'x-time' }],
    ['a time without a header', { signs: '{timestamp}{body}' }],
    ['an id without a header', { signs: '{id}{body}' }],
    ['a header that is none', { header: 'a b' }],
    ['a broken algorithm', { algorithm: 'sha1' }],
  ])('cannot have %s', (_name, form) => {
    expect(signingSchema.safeParse({ kind: 'hmac', header: 'x-signature', ...form }).success).toBe(false)
  })
})
