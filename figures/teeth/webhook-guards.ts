import type { Guard } from './guard.ts'

const proof = { file: 'engine/webhooks/verify-signature.ts', suite: 'engine/webhooks/verify-signature.test.ts' }
const desk = { file: 'engine/webhooks/delivery-desk.ts', suite: 'engine/webhooks/webhooks.test.ts' }

/** Guards of what comes in from others with a signature for its only credential. */
export const webhookGuards: readonly Guard[] = [
  {
    name: 'a secret that its sender would decode to another key is refused',
    file: 'engine/webhooks/source-book.ts',
    text: '(isBase64 && standardKey(secret).length >= leastStandardBytes)',
    without: 'isBase64 || standardKey(secret).length >= leastStandardBytes',
    suite: 'engine/api/refusals.test.ts',
    test: 'a source of webhooks has a name of its own',
  },
  {
    ...proof,
    name: 'a delivery of GitHub is signed',
    text: "if (!isSigned('sha256', secrets, [signature], [request.body])) return badSignature",
    without: '',
    test: 'is refused with an altered byte',
  },
  {
    ...proof,
    name: 'a delivery of Standard Webhooks is signed',
    text: "if (!isSigned('sha256', keys, signatures, signed)) return badSignature",
    without: '',
    test: 'signed with another id',
  },
  {
    ...proof,
    name: 'a delivery with a header of its own is signed',
    text: 'if (!isSigned(form.algorithm, secrets, [signature], signed)) return badSignature',
    without: '',
    test: 'is judged by its form',
  },
  {
    ...proof,
    name: 'what was signed long ago is stale',
    text: 'if (Math.abs(nowMs - sentMs) <= toleranceS * 1000) return null',
    without: 'if (!Number.isNaN(sentMs)) return null',
    test: 'signed too long ago',
  },
  {
    ...proof,
    name: 'a body that was caught on the way is known',
    text: 'keys: [ofId(sentId), textKey([request.body])]',
    without: 'keys: [ofId(sentId)]',
    test: 'is known again by its id and',
  },
  {
    ...desk,
    name: 'what came once is not told twice',
    text: "reading.kind === 'event' ? { source_id: source.id, keys } : null",
    without: 'null',
    test: 'told once on the bus',
  },
  {
    ...desk,
    name: 'refusals do not fill the store',
    text: 'if (this.#refusals.waitMs(performance.now()) > 0) {',
    without: 'if (this.#unrecorded < 0) {',
    test: 'without filling the store',
  },
  {
    file: 'engine/api/guard.ts',
    suite: 'engine/webhooks/webhooks.test.ts',
    name: 'the name of a tunnel opens webhooks alone',
    text: 'open?.isSigned ? policy.webhookHosts() : []',
    without: 'policy.webhookHosts()',
    test: 'and nothing else',
  },
]
