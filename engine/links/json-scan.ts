import { CLOSE_ARRAY, CLOSE_OBJECT, COMMA, endOfString, OPEN_ARRAY, OPEN_OBJECT, QUOTE } from './json-marks.ts'

export type RequestId = string | number

/** What can be told about the text of one JSON object without parsing it. */
export interface JsonScan {
  /** Index just past the object; -1 when the text ends before it does. */
  end: number
  /** Levels of nesting; the object itself is level 1. */
  depth: number
  /** Values of every top-level `id` that is a string or a number, in order. */
  ids: RequestId[]
  /** Top-level keys in order, with repetitions. */
  keys: string[]
}

const LONGEST_ID = 200

const idValue = /\s*:\s*(?:"((?:[^"\\]|\\.)*)"|(-?\d+(?:\.\d+)?))/y

/**
 * Reads brackets, top-level keys and ids of the object that opens at the first character. It works on truncated and
 * on invalid texts too, which is its point: an offence can then be laid to the request that it answers.
 */
export function scanObject(text: string): JsonScan {
  const scan: JsonScan = { end: -1, depth: 0, ids: [], keys: [] }
  let depth = 0
  let atKey = false
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    if (code === QUOTE) {
      const close = endOfString(text, index)
      if (close === -1) return scan
      if (atKey && depth === 1) {
        atKey = false
        const key = text.slice(index + 1, close)
        scan.keys.push(key)
        if (key === 'id') readId(text, close + 1, scan.ids)
      }
      index = close
    } else if (code === OPEN_OBJECT || code === OPEN_ARRAY) {
      depth++
      if (depth > scan.depth) scan.depth = depth
      atKey = depth === 1
    } else if (code === CLOSE_OBJECT || code === CLOSE_ARRAY) {
      depth--
      if (depth === 0) {
        scan.end = index + 1
        return scan
      }
    } else if (code === COMMA && depth === 1) {
      atKey = true
    }
  }
  return scan
}

function readId(text: string, from: number, ids: RequestId[]): void {
  idValue.lastIndex = from
  const found = idValue.exec(text)
  if (found === null || found[0].length > LONGEST_ID) return
  ids.push(found[2] === undefined ? found[1]! : Number(found[2]))
}

// The last member of the outermost object: nothing but its closing bracket may follow, so a nested `id` never matches.
const idAtTheEnd = /,\s*"id"\s*:\s*(?:"([^"\\]{0,200})"|(-?\d{1,15}))\s*(?:,\s*"jsonrpc"\s*:\s*"2\.0"\s*)?\}\s*$/

/** The id of a message from its last characters alone, where it is the last member, as several SDKs write it. */
export function idFromTail(tail: string): RequestId | null {
  const found = idAtTheEnd.exec(tail)
  if (found === null) return null
  return found[2] === undefined ? found[1]! : Number(found[2])
}
