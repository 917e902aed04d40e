/** A block of an MCP result, as far as we can show it; whatever else comes is `unknown` and shown as JSON. */
export type ContentBlock =
  | { kind: 'text'; text: string }
  | { kind: 'image' | 'audio'; mimeType: string; url: string; bytes: number }
  | { kind: 'too_large'; what: 'image' | 'audio'; mimeType: string; bytes: number }
  | { kind: 'resource'; uri: string; mimeType: string | null; text: string | null; bytes: number | null }
  | { kind: 'link'; uri: string; name: string | null; description: string | null }
  | { kind: 'unknown'; value: unknown }

/** What of a result is shown, in its order. */
export interface ShownResult {
  blocks: ContentBlock[]
  structured: unknown
  isError: boolean
}

const largestMediaBytes = 8_000_000
const mediaType = /^(image|audio)\/[a-z0-9.+-]+$/i

/** Reads an MCP result of any shape; never fails. */
export function shownResult(result: unknown): ShownResult {
  if (!isRecord(result)) return { blocks: [{ kind: 'unknown', value: result }], structured: undefined, isError: false }
  const content = Array.isArray(result.content) ? result.content : []
  const rest = Object.keys(result).filter((key) => !['content', 'structuredContent', 'isError', '_meta'].includes(key))
  const blocks = content.map(contentBlock)
  const hasNothing = blocks.length === 0 && result.structuredContent === undefined && rest.length > 0
  return {
    blocks: hasNothing ? [{ kind: 'unknown', value: result }] : blocks,
    structured: result.structuredContent,
    isError: result.isError === true,
  }
}

/** One block of `content`. */
export function contentBlock(value: unknown): ContentBlock {
  if (!isRecord(value)) return { kind: 'unknown', value }
  switch (value.type) {
    case 'text':
      return typeof value.text === 'string' ? { kind: 'text', text: value.text } : { kind: 'unknown', value }
    case 'image':
    case 'audio':
      return mediaBlock(value.type, value)
    case 'resource':
      return isRecord(value.resource) ? resourceBlock(value.resource) : { kind: 'unknown', value }
    case 'resource_link':
      if (typeof value.uri !== 'string') return { kind: 'unknown', value }
      return {
        kind: 'link',
        uri: value.uri,
        name: text(value.title ?? value.name),
        description: text(value.description),
      }
    default:
      return { kind: 'unknown', value }
  }
}

function mediaBlock(what: 'image' | 'audio', value: Record<string, unknown>): ContentBlock {
  const { data, mimeType } = value
  if (typeof data !== 'string' || typeof mimeType !== 'string') return { kind: 'unknown', value }
  if (!mediaType.test(mimeType) || !mimeType.startsWith(what) || !isBase64(data)) return { kind: 'unknown', value }
  const bytes = base64Bytes(data)
  if (bytes > largestMediaBytes) return { kind: 'too_large', what, mimeType, bytes }
  return { kind: what, mimeType, url: `data:${mimeType};base64,${data}`, bytes }
}

function resourceBlock(resource: Record<string, unknown>): ContentBlock {
  const { uri, blob } = resource
  if (typeof uri !== 'string') return { kind: 'unknown', value: resource }
  return {
    kind: 'resource',
    uri,
    mimeType: text(resource.mimeType),
    text: text(resource.text),
    bytes: typeof blob === 'string' ? base64Bytes(blob) : null,
  }
}

const text = (value: unknown): string | null => (typeof value === 'string' ? value : null)
const isBase64 = (data: string): boolean => !/[^A-Za-z0-9+/=\s]/.test(data)
const base64Bytes = (data: string): number => Math.floor((data.replace(/=+$/, '').length * 3) / 4)

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
