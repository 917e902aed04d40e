import { failureOf } from '../../shared/app-error.ts'
import type { Limit } from '../../shared/limits.ts'
import type { Tool } from '../../shared/server.ts'
import type { Answer, RawAnswer } from '../links/link.ts'
import type { Masker } from '../secrets/masker.ts'
import type { GatedCall, Tried } from './gated-call.ts'
import { type KeptResults, resultUri } from './kept-results.ts'
import { previewOf } from './preview.ts'

interface Parts {
  readonly bound: NonNullable<Limit['result']>
  readonly tool: Tool | undefined
  readonly kept: KeptResults
  readonly masker: Masker
}

/** The try with a preview in the place of a result that is too large. What a schema of its tool demands stays as it is. */
export async function withoutOversize<A extends Answer | RawAnswer>(
  call: GatedCall,
  tried: Tried<A>,
  { bound, tool, kept, masker }: Parts,
): Promise<Tried<A>> {
  const { answer } = tried
  if (answer?.kind !== 'result' || answer.result.resultType === 'input_required') return tried
  const text = 'text' in answer ? answer.text : JSON.stringify(answer.result)
  const bytes = Buffer.byteLength(text)
  if (bytes <= bound.most_bytes) return tried
  if (tool?.outputSchema !== undefined && answer.result.structuredContent !== undefined) {
    call.note('limit', { kind: 'result', verdict: 'whole', bytes, reason: 'its tool promises a structure' })
    return tried
  }
  try {
    await kept.keep(call.id, masker.jsonText(text))
  } catch (error) {
    // What cannot be kept must not be lost: it is handed on as it came.
    call.note('limit', { kind: 'result', verdict: 'whole', bytes, reason: failureOf(error).message })
    return tried
  }
  call.note('limit', { kind: 'result', verdict: 'kept', bytes, most_bytes: bound.most_bytes, uri: resultUri(call.id) })
  const result = previewOf({ id: call.id, result: answer.result, bytes, previewBytes: bound.preview_bytes })
  const shown = 'text' in answer ? { ...answer, result, text: JSON.stringify(result) } : { ...answer, result }
  return { answer: shown }
}
