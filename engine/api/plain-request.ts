import type { IncomingHttpHeaders } from 'node:http'

/** The head of a request that leaves nothing to interpret. */
export interface PlainHead {
  readonly url: string
  /** Names and values in turn, as sent; no name stands there twice. */
  readonly rawHeaders: readonly string[]
  /** The same by their lower-case names. */
  readonly headers: IncomingHttpHeaders
  /** How long its body is. */
  readonly bodyBytes: number
}

/** A head with the text that it was read from. */
export interface ReadHead {
  readonly text: string
  readonly head: PlainHead
}

export type PlainRead =
  /** `end`: where in the bytes the request ends, and with it its body of `head.bodyBytes`. */
  | { kind: 'request'; read: ReadHead; end: number }
  | { kind: 'partial' }
  /** Not plain: for a reader that knows all of HTTP. */
  | { kind: 'other' }

/** A request that is longer is not plain. */
export const longestPlain = 64 * 1024

const start = 'POST /mcp'
const requestLine = /^POST (\/mcp(?:\/[A-Za-z0-9_-]+)*) HTTP\/1\.1$/
const field = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[\t ]*([\t\x20-\x7e\x80-\xff]*)$/
const length = /^(?:0|[1-9][0-9]{0,5})$/
/** What changes how a message is framed, or asks for more than an answer. */
const special: ReadonlySet<string> = new Set(['transfer-encoding', 'upgrade', 'expect', 'trailer', 'te'])

const other: PlainRead = { kind: 'other' }
const partial: PlainRead = { kind: 'partial' }

/**
 * Reads what a client of the gateway sends with almost every call: a POST whose length stands in its head, in the one spelling that every
 * reader reads alike. All else is `other`, whether it is wrong or only rare. `last`: read before on the same connection; most heads
 * are the same.
 */
export function readPlainRequest(bytes: Buffer, last: ReadHead | null): PlainRead {
  const headEnd = bytes.indexOf('\r\n\r\n')
  if (headEnd === -1) {
    const begins = bytes.toString('latin1', 0, start.length)
    return start.startsWith(begins) && bytes.length < longestPlain ? partial : other
  }
  const text = bytes.toString('latin1', 0, headEnd)
  const read = last !== null && last.text === text ? last : readHead(text)
  if (read === null) return other
  const end = headEnd + 4 + read.head.bodyBytes
  if (end > longestPlain) return other
  return bytes.length < end ? partial : { kind: 'request', read, end }
}

function readHead(text: string): ReadHead | null {
  const lines = text.split('\r\n')
  const url = requestLine.exec(lines[0]!)?.[1]
  if (url === undefined) return null
  const rawHeaders: string[] = []
  const headers: Record<string, string> = Object.create(null)
  for (let line = 1; line < lines.length; line++) {
    const found = field.exec(lines[line]!)
    if (found === null) return null
    const name = found[1]!.toLowerCase()
    if (name in headers || special.has(name)) return null
    const value = found[2]!.trimEnd()
    headers[name] = value
    rawHeaders.push(found[1]!, value)
  }
  const { connection = 'keep-alive', 'content-length': bodyLength = '' } = headers
  if (connection.toLowerCase() !== 'keep-alive' || !length.test(bodyLength)) return null
  return { text, head: { url, rawHeaders, headers, bodyBytes: Number(bodyLength) } }
}
