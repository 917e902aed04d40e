import type { OpenSource } from './source-book.ts'
import { type Proof, type SignedRequest, verifySignature } from './verify-signature.ts'

type Refused = Extract<Proof, { kind: 'refused' }>
type Proven = Extract<Proof, { kind: 'signed' }> & { source: OpenSource }

/** The source that signed a request, of those that send to its address; all are tried. */
export function provenBy(sources: readonly OpenSource[], request: SignedRequest): Proven | Refused {
  let proven: Proven | null = null
  let refused: Refused | null = null
  for (const source of sources) {
    const proof = verifySignature(source.signing, source.secrets, request)
    if (proof.kind === 'signed') proven ??= { ...proof, source }
    // What another could say about a bad signature tells less than what is wrong with a good one.
    else if (refused === null || refused.verdict === 'bad_signature') refused = proof
  }
  return proven ?? refused ?? nobody
}

const nobody: Refused = { kind: 'refused', verdict: 'bad_signature', why: 'No source sends to this address.' }
