import { parseJson, utf8Text } from '../api/json-body.ts'

/** What a body may be; null: something else. */
export type ContentKind = 'json' | 'form'

export function contentKindOf(contentType: string | null): ContentKind | null {
  const mediaType = contentType?.split(';', 1)[0]?.trim().toLowerCase() ?? ''
  if (mediaType === 'application/json' || /^application\/[\w.-]+\+json$/.test(mediaType)) return 'json'
  return mediaType === 'application/x-www-form-urlencoded' ? 'form' : null
}

/** The value in a body. @throws AppError `invalid_json` for what is no UTF-8, no JSON, or nested too deep. */
export function readContent(kind: ContentKind, bytes: Buffer): unknown {
  const text = utf8Text(bytes)
  return kind === 'json' ? parseJson(text) : Object.fromEntries(new URLSearchParams(text))
}

/** GitHub puts its JSON into the field `payload` of a form. */
export function readGitHubContent(kind: ContentKind, bytes: Buffer): unknown {
  const content = readContent(kind, bytes)
  if (kind === 'json') return content
  const { payload } = content as { payload?: string }
  return parseJson(payload ?? '')
}
