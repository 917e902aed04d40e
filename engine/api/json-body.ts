import { AppError } from '../../shared/app-error.ts'

export const maxBodyBytes = 8 * 1024 * 1024
const maxDepth = 200

/**
 * The JSON value of a request's body; undefined when there is none.
 * Throws `unsupported_media_type` (415), `body_too_large` (413) or `invalid_json` (400).
 */
export async function readJsonBody(request: Request): Promise<unknown> {
  const text = await readText(request)
  if (text === '') return undefined
  const mediaType = request.headers.get('content-type')?.split(';', 1)[0]?.trim().toLowerCase()
  if (mediaType !== 'application/json') {
    throw new AppError('unsupported_media_type', 'The body must be JSON.', {
      status: 415,
      hint: 'Send "Content-Type: application/json".',
    })
  }
  return parseJson(text)
}

/** @throws AppError `invalid_json` (400). */
export function parseJson(text: string): unknown {
  // Measured before parsing: JSON.parse takes any depth, but what it makes could not be written again.
  if (isTooDeep(text)) throw invalidJson(`It is nested deeper than ${maxDepth} levels.`)
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw invalidJson((cause as Error).message, cause)
  }
}

/** @throws AppError `invalid_json` (400). */
export function utf8Text(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw invalidJson('It is not UTF-8.', cause)
  }
}

async function readText(request: Request): Promise<string> {
  if (request.body === null) return ''
  // Told ahead, refused ahead: nothing is read of a body that says that it is too large.
  if (Number(request.headers.get('content-length') ?? 0) > maxBodyBytes) throw tooLarge()
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of request.body) {
    bytes += chunk.byteLength
    if (bytes > maxBodyBytes) throw tooLarge()
    chunks.push(chunk)
  }
  return utf8Text(Buffer.concat(chunks))
}

/** Whether it is nested deeper than we read. */
export function isTooDeep(text: string): boolean {
  let depth = 0
  let isInString = false
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (isInString) {
      if (code === 0x5c) i++
      else if (code === 0x22) isInString = false
    } else if (code === 0x22) isInString = true
    else if (code === 0x5b || code === 0x7b) {
      if (++depth > maxDepth) return true
    } else if (code === 0x5d || code === 0x7d) depth--
  }
  return false
}

function invalidJson(why: string, cause?: unknown): AppError {
  return new AppError('invalid_json', `The body cannot be read as JSON. ${why}`, {
    status: 400,
    hint: 'Check the body with a JSON validator.',
    cause,
  })
}

function tooLarge(): AppError {
  return new AppError('body_too_large', `The body is larger than ${maxBodyBytes / 1024 / 1024} MB.`, {
    status: 413,
    hint: 'Send less at once.',
  })
}
