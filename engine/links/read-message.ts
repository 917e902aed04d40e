import type { Failure } from '../../shared/app-error.ts'
import { type JsonScan, type RequestId, scanObject } from './json-scan.ts'
import { type Member, outlineOf } from './json-text.ts'
import type { Json, JsonObject } from './link.ts'

/** What one text from a server turned out to be. */
export type Inbound =
  /**
   * An object that is JSON-RPC or claims to be; `text` is its exact text. `members`: where its own stand, told where every reader
   * reads it alike.
   */
  | { kind: 'message'; message: JsonObject; text: string; members?: readonly Member[] }
  /** Not protocol: a banner, a log line, a JSON log object. */
  | { kind: 'noise'; text: string }
  /** Meant as protocol and unusable; `ids` are the requests that it seems to answer. */
  | { kind: 'broken'; failure: Failure; ids: RequestId[]; raw: string }
  /** Usable, with something in it that its owner should hear of. */
  | { kind: 'remark'; failure: Failure }

const OPEN_OBJECT = 0x7b
const MAX_DEPTH = 200
const MAX_CUT_OFFS = 8
const MAX_RAW = 64 * 1024
/** How nearly every message begins, whoever wrote it. */
export const messageStart = '{"jsonrpc"'
const singleKeys: ReadonlySet<string> = new Set(['jsonrpc', 'id', 'method', 'params', 'result', 'error'])
/** Every spelling of `__proto__` begins with two underscores, plain or escaped. */
const underscores = ['__', '\\u005f', '\\u005F']

/** Sorts one line of text. Text glued to a message, before it or behind it, comes out as noise of its own. */
export function readText(text: string): Inbound[] {
  const plain = readPlain(text)
  return plain === null ? readOdd(text) : [plain]
}

/** What nearly every line is: a message and nothing else, without anything in it that readers could take in two ways. */
function readPlain(text: string): Inbound | null {
  if (text.charCodeAt(0) !== OPEN_OBJECT) return null
  let message: JsonObject
  try {
    message = JSON.parse(text)
  } catch {
    return null
  }
  if (!isMessage(message)) return null
  const outline = outlineOf(text, null)
  return typeof outline === 'string' ? null : { kind: 'message', message, text, members: outline.members }
}

/** Any other line, with whatever is glued to what in it. */
function readOdd(text: string): Inbound[] {
  const found: Inbound[] = []
  let rest = text
  // Each cut-off costs a scan of all that follows it; past a few, a line is not worth the time.
  let cutOffs = 0
  while (rest.trimStart() !== '') {
    const start = rest.trimStart()
    if (cutOffs > MAX_CUT_OFFS) {
      found.push({ kind: 'noise', text: cutRaw(rest) })
      rest = ''
    } else if (start.startsWith('{')) {
      const scan = scanObject(start)
      // An object that is cut off by other output: what looks like the next message may be whole.
      const end = scan.end === -1 ? nextOpening(start, 1) : scan.end
      if (scan.end === -1) cutOffs++
      const own = start.slice(0, end)
      if (scan.end === -1) found.push(broken(scan, own, 'broken_json', 'The server sent a message that is cut off'))
      else readWhole(own, scan, found)
      rest = start.slice(end)
    } else if (start.startsWith('[') && start.includes('"jsonrpc"')) {
      found.push(readBatch(start))
      rest = ''
    } else {
      const end = nextOpening(rest, 0)
      found.push({ kind: 'noise', text: cutRaw(rest.slice(0, end)) })
      rest = rest.slice(end)
    }
  }
  return found
}

function nextOpening(text: string, from: number): number {
  const next = text.indexOf(messageStart, from)
  return next === -1 ? text.length : next
}

function readWhole(text: string, scan: JsonScan, found: Inbound[]): void {
  if (scan.depth > MAX_DEPTH) {
    const limit = `The server sent a message nested deeper than ${MAX_DEPTH} levels`
    found.push(broken(scan, text, 'nested_too_deep', limit))
    return
  }
  const repeated = scan.keys.find((key, index) => singleKeys.has(key) && scan.keys.indexOf(key) !== index)
  if (repeated !== undefined) {
    found.push(broken(scan, text, 'ambiguous_message', `The server sent a message with "${repeated}" in it twice`))
    return
  }
  let message: JsonObject
  try {
    message = JSON.parse(text)
  } catch {
    found.push(broken(scan, text, 'broken_json', 'The server sent a message that is not valid JSON'))
    return
  }
  if (underscores.some((spelling) => text.includes(spelling)) && stripProto(message)) {
    const failure = {
      code: 'proto_stripped',
      message: 'The server sent a key named "__proto__"; it was taken out',
      hint: null,
    }
    found.push({ kind: 'remark', failure })
  }
  found.push(isMessage(message) ? { kind: 'message', message, text } : { kind: 'noise', text: cutRaw(text) })
}

function isMessage(message: JsonObject): boolean {
  return 'jsonrpc' in message || ('id' in message && ('result' in message || 'error' in message))
}

function broken(scan: JsonScan, text: string, code: string, message: string): Inbound {
  if (!scan.keys.includes('jsonrpc')) return { kind: 'noise', text: cutRaw(text) }
  return { kind: 'broken', failure: brokenFailure(code, message), ids: scan.ids, raw: cutRaw(text) }
}

function readBatch(text: string): Inbound {
  let items: Json
  try {
    items = JSON.parse(text)
  } catch {
    return { kind: 'noise', text }
  }
  const ids = (Array.isArray(items) ? items : []).flatMap((item) =>
    item !== null && typeof item === 'object' && !Array.isArray(item) && isRequestId(item.id) ? [item.id] : [],
  )
  const failure = brokenFailure(
    'batch_not_supported',
    'The server sent a JSON-RPC batch, which only revision 2025-03-26 of MCP had',
  )
  return { kind: 'broken', failure, ids, raw: cutRaw(text) }
}

export function isRequestId(value: unknown): value is RequestId {
  return typeof value === 'string' || typeof value === 'number'
}

/** Raw text of an offence, cut at 64 Ki characters. */
export function cutRaw(text: string): string {
  return text.length > MAX_RAW ? text.slice(0, MAX_RAW) : text
}

function brokenFailure(code: string, message: string): Failure {
  return { code, message, hint: 'Report this to the author of the server; the raw text is kept.' }
}

/** Takes own `__proto__` keys out, at any level; true when there was one. */
function stripProto(root: JsonObject): boolean {
  let found = false
  const open: (JsonObject | Json[])[] = [root]
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (!Array.isArray(node) && Object.hasOwn(node, '__proto__')) {
      Reflect.deleteProperty(node, '__proto__')
      found = true
    }
    for (const child of Object.values(node)) if (child !== null && typeof child === 'object') open.push(child)
  }
  return found
}
