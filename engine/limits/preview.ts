import type { TaskId } from '../../shared/ids.ts'
import type { JsonObject } from '../links/link.ts'
import { resultUri } from './kept-results.ts'

interface Oversize {
  readonly id: TaskId
  readonly result: JsonObject
  /** Of the whole result as JSON. */
  readonly bytes: number
  readonly previewBytes: number
}

/** What stands for a result that is too large: how it begins, and where the whole is to be read. */
export function previewOf({ id, result, bytes, previewBytes }: Oversize): JsonObject {
  const head = beginning(textsOf(result), previewBytes)
  const words = `The result has ${bytes} bytes, more than is handed on. ${head === '' ? 'It' : 'It begins as follows; it'} is kept whole at ${resultUri(id)}, to be read with resources/read.`
  return {
    ...(typeof result.resultType === 'string' && { resultType: result.resultType }),
    ...(result.isError === true && { isError: true }),
    content: [
      { type: 'text', text: head === '' ? words : `${words}\n\n${head}` },
      {
        type: 'resource_link',
        uri: resultUri(id),
        name: `result-${id}.json`,
        title: 'The whole result',
        mimeType: 'application/json',
        size: bytes,
      },
    ],
  }
}

/** All texts of a result; its structure where it has none. */
function textsOf({ content, structuredContent }: JsonObject): string {
  const blocks = Array.isArray(content) ? content : []
  const texts = blocks.flatMap((block) =>
    block !== null && typeof block === 'object' && !Array.isArray(block) && typeof block.text === 'string'
      ? [block.text]
      : [],
  )
  if (texts.length > 0) return texts.join('\n')
  return structuredContent === undefined ? '' : JSON.stringify(structuredContent)
}

/** The first so many bytes, without half a character. */
function beginning(text: string, bytes: number): string {
  if (Buffer.byteLength(text) <= bytes) return text
  const cut = Buffer.from(text.slice(0, bytes)).subarray(0, bytes).toString('utf8')
  return `${cut.replace(/\ufffd+$/, '').replace(/[\ud800-\udbff]$/, '')}…`
}
