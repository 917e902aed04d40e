import assert from 'node:assert/strict'
import fc from 'fast-check'
import { issuesPayload, pullRequestPayload } from '../../engine/webhooks/github-samples.ts'
import { readDelivery } from '../../engine/webhooks/read-delivery.ts'
import { verifySignature } from '../../engine/webhooks/verify-signature.ts'
import { placeOf } from '../../engine/webhooks/webhook-place.ts'
import { domainEventSchema } from '../../shared/domain-event.ts'
import { uuidV7 } from '../../shared/ids.ts'
import { type Signing, signingSchema } from '../../shared/webhooks.ts'
import type { Property } from './property.ts'

/** What is sent, with parts of it replaced by anything. */
const altered = fc
  .tuple(
    fc.constantFrom<object>(issuesPayload('opened'), pullRequestPayload('edited')),
    fc.dictionary(fc.string(), fc.json()),
  )
  .map(([payload, more]) => JSON.stringify({ ...payload, ...more }))
const nested = fc.nat({ max: 5_000 }).map((depth) => '['.repeat(depth))
const body = fc.oneof(altered, fc.json(), fc.string({ unit: 'binary' }), nested).map((text) => Buffer.from(text))
const raw = fc.oneof(
  body,
  fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes)),
)
const name = fc.oneof(
  fc.constantFrom('issues', 'pull_request', 'push', 'ping', '__proto__', 'constructor'),
  fc.string({ maxLength: 20 }).filter((text) => /^[\x20-\x7e]*$/.test(text)),
)
const path = fc.constantFrom('/webhooks/github', '/webhooks/github/issues', '/webhooks/shop', '/webhooks/../x')

export const webhookBodies: Property = {
  name: 'webhook bodies: any signed body becomes an event of its schema, or has a verdict, and nothing is thrown',
  share: 3,
  run(runs, watch) {
    fc.assert(
      fc.property(path, name, fc.constantFrom('json', 'form'), raw, (path, event, contentKind, bytes) => {
        const headers = new Headers({ 'x-github-event': event, 'content-type': 'application/json' })
        const signed = { place: placeOf(path), source: 'shop', sentId: 'one', headers, contentKind, bytes }
        const reading = watch.input(() => readDelivery(signed))
        if (reading.kind === 'none') return
        const made = { id: uuidV7(), at: new Date().toISOString(), version: 1, ...reading.event }
        // As it is when it comes from the store, where there is JSON alone.
        domainEventSchema.parse(JSON.parse(JSON.stringify(made)))
      }),
      runs,
    )
  },
}

const signings: Signing[] = [
  { kind: 'github' },
  { kind: 'standard', tolerance_s: 300 },
  signingSchema.parse({ kind: 'hmac', header: 'x-signature', signs: '{id}{body}', id_header: 'x-id' }),
]
const headerNames = [
  'x-hub-signature-256',
  'x-github-delivery',
  'webhook-id',
  'webhook-timestamp',
  'webhook-signature',
  'x-signature',
  'x-id',
]
const headerValue = fc.oneof(
  fc.constantFrom('', 'sha256=', `sha256=${'0'.repeat(64)}`, 'v1,', 'v1,AAAA', '0', '1795356000', ','),
  fc.string({ maxLength: 80 }),
)

export const webhookSignatures: Property = {
  name: 'webhook signatures: no headers but those that the secret made are taken, and nothing is thrown',
  share: 3,
  run(runs, watch) {
    const headers = fc.dictionary(fc.constantFrom(...headerNames), headerValue)
    fc.assert(
      fc.property(fc.constantFrom(...signings), headers, raw, (signing, sent, bytes) => {
        const request = { header: (name: string) => sent[name] ?? null, body: bytes, nowMs: 1_795_356_000_000 }
        const proof = watch.input(() => verifySignature(signing, ['a secret of some length'], request))
        assert.equal(proof.kind, 'refused')
      }),
      runs,
    )
  },
}
