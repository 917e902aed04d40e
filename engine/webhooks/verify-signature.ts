import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { HmacForm, Signing, Verdict } from '../../shared/webhooks.ts'
import { idKey } from '../store/seen-key.ts'

/** What a signature is about. Headers that came twice are one text with a comma in it, so that neither counts. */
export interface SignedRequest {
  header(name: string): string | null
  /** As it came, not a byte changed. */
  readonly body: Buffer
  readonly nowMs: number
}

/** What is remembered of a delivery, and what it means when the same comes again. */
export interface SeenKey {
  readonly key: string
  readonly verdict: Extract<Verdict, 'duplicate' | 'replayed'>
}

export type Proof =
  | { kind: 'signed'; sentId: string | null; keys: SeenKey[] }
  | { kind: 'refused'; verdict: Verdict; why: string }

/**
 * Whether one of the secrets signed the request. Each is tried whether or not one before it did, and compared in constant time;
 * what else may be wrong is told only to who has signed.
 */
export function verifySignature(signing: Signing, secrets: readonly string[], request: SignedRequest): Proof {
  switch (signing.kind) {
    case 'github':
      return verifyGitHub(secrets, request)
    case 'standard':
      return verifyStandard(signing.tolerance_s, secrets, request)
    case 'hmac':
      return verifyHmac(signing, secrets, request)
    default:
      return signing satisfies never
  }
}

/** docs.github.com: "Validating webhook deliveries". The id is not signed, so the body is remembered, too. */
function verifyGitHub(secrets: readonly string[], request: SignedRequest): Proof {
  const sent = request.header('x-hub-signature-256')
  if (sent === null && request.header('x-hub-signature') !== null)
    return wrongAlgorithm('It is signed with SHA-1 alone.')
  if (sent === null) return noSignature('x-hub-signature-256')
  if (/^(?!sha256=)[\w-]+=/.test(sent))
    return wrongAlgorithm(`It is signed with ${sent.split('=')[0]}, not with sha256.`)
  const [, hex] = /^sha256=([0-9a-f]{64})$/.exec(sent) ?? []
  const signature = Buffer.from(hex ?? '', 'hex')
  if (!isSigned('sha256', secrets, [signature], [request.body])) return badSignature
  const sentId = idIn(request.header('x-github-delivery'))
  if (sentId === null) return noId('x-github-delivery')
  return { kind: 'signed', sentId, keys: [ofId(sentId), textKey([request.body])] }
}

/** standardwebhooks.com. Id and time are signed. */
function verifyStandard(toleranceS: number, secrets: readonly string[], request: SignedRequest): Proof {
  const sent = request.header('webhook-signature')
  if (sent === null) return noSignature('webhook-signature')
  const sentId = idIn(request.header('webhook-id'))
  if (sentId === null) return noId('webhook-id')
  const timestamp = request.header('webhook-timestamp') ?? ''
  const claims = sent.split(' ').map((claim) => claim.split(','))
  const known = claims.filter(([version]) => version === 'v1').slice(0, mostClaims)
  if (known.length === 0) return wrongAlgorithm('None of its signatures is of version v1.')
  const signatures = known.map(([, text = '']) => Buffer.from(text, 'base64'))
  const signed = [Buffer.from(`${sentId}.${timestamp}.`), request.body]
  const keys = secrets.map(standardKey)
  if (!isSigned('sha256', keys, signatures, signed)) return badSignature
  return staleness(timestamp, toleranceS, request.nowMs) ?? { kind: 'signed', sentId, keys: [ofId(sentId)] }
}

const mostClaims = 8

/** The bytes behind `whsec_`. */
export function standardKey(secret: string): Buffer {
  return Buffer.from(secret.replace(/^whsec_/, ''), 'base64')
}

function verifyHmac(form: HmacForm, secrets: readonly string[], request: SignedRequest): Proof {
  const sent = request.header(form.header)
  if (sent === null) return noSignature(form.header)
  if (!sent.startsWith(form.prefix)) return wrongAlgorithm(`Its signature does not begin with "${form.prefix}".`)
  const signature = Buffer.from(sent.slice(form.prefix.length), form.encoding)
  const timestamp = form.timestamp_header === null ? '' : (request.header(form.timestamp_header) ?? '')
  const sentId = form.id_header === null ? null : idIn(request.header(form.id_header))
  if (form.id_header !== null && sentId === null) return noId(form.id_header)
  const filled = (text: string): Buffer =>
    Buffer.from(text.replace(/\{(timestamp|id)\}/g, (_, name) => (name === 'id' ? (sentId ?? '') : timestamp)))
  const [before = '', after = ''] = form.signs.split('{body}')
  const signed = [filled(before), request.body, filled(after)]
  if (!isSigned(form.algorithm, secrets, [signature], signed)) return badSignature
  const stale = form.timestamp_header === null ? null : staleness(timestamp, form.tolerance_s, request.nowMs)
  if (stale !== null) return stale
  const id = sentId === null ? [] : [ofId(sentId)]
  const text = form.may_repeat || form.signs.includes('{id}') ? [] : [textKey(signed)]
  return { kind: 'signed', sentId, keys: [...id, ...text] }
}

function isSigned(
  algorithm: HmacForm['algorithm'],
  secrets: readonly (string | Buffer)[],
  signatures: readonly Buffer[],
  text: readonly Buffer[],
): boolean {
  let isFound = false
  for (const secret of secrets) {
    const hmac = createHmac(algorithm, secret)
    for (const part of text) hmac.update(part)
    const expected = hmac.digest()
    for (const signature of signatures) {
      if (signature.length === expected.length && timingSafeEqual(signature, expected)) isFound = true
    }
  }
  return isFound
}

function staleness(timestamp: string, toleranceS: number, nowMs: number): Proof | null {
  const sentMs = /^\d{1,11}$/.test(timestamp) ? Number(timestamp) * 1000 : Number.NaN
  if (Math.abs(nowMs - sentMs) <= toleranceS * 1000) return null
  const why = Number.isNaN(sentMs)
    ? 'It names no time in seconds since 1970.'
    : `It was signed ${Math.round(Math.abs(nowMs - sentMs) / 1000)} s ${sentMs < nowMs ? 'ago' : 'ahead of our clock'}; ${toleranceS} s are allowed.`
  return { kind: 'refused', verdict: 'stale', why }
}

function idIn(text: string | null): string | null {
  return text !== null && /^[\x21-\x7e]{1,200}$/.test(text) ? text : null
}

const ofId = (id: string): SeenKey => ({ key: idKey(id), verdict: 'duplicate' })

function textKey(text: readonly Buffer[]): SeenKey {
  const hash = createHash('sha256')
  for (const part of text) hash.update(part)
  return { key: `text ${hash.digest('base64url')}`, verdict: 'replayed' }
}

const badSignature: Proof = { kind: 'refused', verdict: 'bad_signature', why: 'No secret of ours signed this body.' }

function noSignature(header: string): Proof {
  return { kind: 'refused', verdict: 'no_signature', why: `It has no ${header}.` }
}

function wrongAlgorithm(why: string): Proof {
  return { kind: 'refused', verdict: 'wrong_algorithm', why }
}

function noId(header: string): Proof {
  return { kind: 'refused', verdict: 'no_id', why: `It has no usable ${header}.` }
}
