// JSON as text: what others wrote is cut and spliced, never read and written anew, so that numbers keep their digits,
// objects their order and unknown members their place. All of this expects text that JSON.parse takes.

/** A member of an object in its text: the key as it means, and where its value stands. */
export interface Member {
  readonly key: string
  /** Where the member begins, at its key. */
  readonly from: number
  /** Where its value begins, and where it ends. */
  readonly start: number
  end: number
}

export type JsonOffence = 'duplicate_key' | 'proto_key' | 'nested_too_deep'

const QUOTE = 0x22
const COMMA = 0x2c
const OPEN_ARRAY = 0x5b
const BACKSLASH = 0x5c
const CLOSE_ARRAY = 0x5d
const OPEN_OBJECT = 0x7b
const CLOSE_OBJECT = 0x7d
const SPACE = 0x20
export const maxDepth = 200
/** From so many keys on, a set finds a repeated one sooner than a list. */
const manyKeys = 12

/** The members of the object that `text` is, in their order; none where it is something else. */
export function membersOf(text: string): Member[] {
  const members: Member[] = []
  let at = skipSpace(text, 0)
  if (text.charCodeAt(at) !== OPEN_OBJECT) return members
  at = skipSpace(text, at + 1)
  while (text.charCodeAt(at) === QUOTE) {
    const close = endOfString(text, at)
    const start = skipSpace(text, skipSpace(text, close + 1) + 1)
    const end = endOfValue(text, start)
    members.push({ key: keyText(text, at, close), from: at, start, end })
    at = skipSpace(text, end)
    if (text.charCodeAt(at) === COMMA) at = skipSpace(text, at + 1)
  }
  return members
}

/** The texts of the entries of the array that `text` is; none where it is something else. */
export function entriesOf(text: string): string[] {
  const entries: string[] = []
  let at = skipSpace(text, 0)
  if (text.charCodeAt(at) !== OPEN_ARRAY) return entries
  at = skipSpace(text, at + 1)
  while (at < text.length && text.charCodeAt(at) !== CLOSE_ARRAY) {
    const end = endOfValue(text, at)
    entries.push(text.slice(at, end))
    at = skipSpace(text, end)
    if (text.charCodeAt(at) === COMMA) at = skipSpace(text, at + 1)
  }
  return entries
}

/** The text of one member's value; undefined where there is none. */
export function memberText(
  text: string,
  key: string,
  members: readonly Member[] = membersOf(text),
): string | undefined {
  for (const member of members) if (member.key === key) return text.slice(member.start, member.end)
  return undefined
}

/**
 * The object with some members' values replaced by other texts, taken out where the change is undefined, or put at the
 * end where they are new. All else stays as it is, to the character.
 */
export function edited(
  text: string,
  changes: Readonly<Record<string, string | undefined>>,
  members: readonly Member[] = membersOf(text),
): string {
  let result = ''
  let copied = 0
  let kept = 0
  const isGone = ({ key }: Member): boolean => Object.hasOwn(changes, key) && changes[key] === undefined
  for (const [index, member] of members.entries()) {
    if (isGone(member)) {
      // With the comma before it or, where none is kept before it, the one behind it.
      const next = members[index + 1]
      if (kept > 0) {
        result += text.slice(copied, Math.max(members[index - 1]!.end, copied))
        copied = member.end
      } else {
        result += text.slice(copied, member.from)
        copied = next === undefined ? member.end : next.from
      }
      continue
    }
    kept++
    const value = Object.hasOwn(changes, member.key) ? changes[member.key] : undefined
    if (value === undefined) continue
    result += text.slice(copied, member.start) + value
    copied = member.end
  }
  const last = members.at(-1)
  const open = last === undefined ? text.indexOf('{') + 1 : last.end
  let rest = ''
  for (const key in changes) {
    if (changes[key] === undefined || members.some((member) => member.key === key)) continue
    rest += `${kept > 0 || rest !== '' ? ',' : ''}${JSON.stringify(key)}:${changes[key]}`
  }
  if (rest === '') return result + text.slice(copied)
  return result + text.slice(copied, Math.max(copied, open)) + rest + text.slice(Math.max(copied, open))
}

/** What keeps a text from being handed on: one that two readers may read in two ways, or that breaks a reader. */
export function offenceIn(text: string, depthLimit = maxDepth): JsonOffence | null {
  const read = outlineOf(text, null, depthLimit)
  return typeof read === 'string' ? read : null
}

/** The members of a message and, where one of them was asked for and is an object, the members of that. */
export interface Outline {
  readonly members: Member[]
  /** Their places count from where that member's value begins. */
  readonly inner: Member[]
}

/** All that is asked of a message's text in one pass; or why it is not to be handed on. `inner`: the member that is looked into. */
export function outlineOf(text: string, inner: string | null, depthLimit = maxDepth): Outline | JsonOffence {
  const found: Outline = { members: [], inner: [] }
  let outer: Member | undefined
  /** Keys of each open object; null for an array. */
  const open: (string[] | Set<string> | null)[] = []
  let depth = 0
  let atKey = false
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === QUOTE) {
      const close = endOfString(text, at)
      if (atKey) {
        atKey = false
        const key = keyText(text, at, close)
        if (key === '__proto__') return 'proto_key'
        const keys = open[depth]!
        if (Array.isArray(keys)) {
          if (keys.includes(key)) return 'duplicate_key'
          keys.push(key)
          if (keys.length === manyKeys) open[depth] = new Set(keys)
        } else {
          if (keys.has(key)) return 'duplicate_key'
          keys.add(key)
        }
        if (depth === 1) {
          outer = { key, from: at, start: skipSpace(text, skipSpace(text, close + 1) + 1), end: -1 }
          found.members.push(outer)
        } else if (depth === 2 && outer?.key === inner) {
          const start = skipSpace(text, skipSpace(text, close + 1) + 1)
          found.inner.push({ key, from: at - outer!.start, start: start - outer!.start, end: -1 })
        }
      }
      at = close
    } else if (code === COMMA) {
      if (depth <= 2) endMember(found, depth, text, at)
      atKey = depth > 0 && open[depth] !== null
    } else if (code === OPEN_OBJECT) {
      if (++depth > depthLimit) return 'nested_too_deep'
      open[depth] = []
      atKey = true
    } else if (code === OPEN_ARRAY) {
      if (++depth > depthLimit) return 'nested_too_deep'
      open[depth] = null
      atKey = false
    } else if (code === CLOSE_OBJECT || code === CLOSE_ARRAY) {
      if (depth <= 2) endMember(found, depth, text, at)
      depth--
      atKey = false
    }
  }
  return found
}

/** On one line, as a message over stdio has to be: line ends can only be between tokens. */
export function onOneLine(text: string): string {
  return text.includes('\n') || text.includes('\r') ? text.replace(/[\r\n]+/g, ' ') : text
}

function keyText(text: string, open: number, close: number): string {
  const raw = text.slice(open + 1, close)
  return raw.includes('\\') ? (JSON.parse(text.slice(open, close + 1)) as string) : raw
}

/** The member of that depth which is open ends before `at`. */
function endMember({ members, inner }: Outline, depth: number, text: string, at: number): void {
  const outer = members.at(-1)
  const member = depth === 1 ? outer : inner.at(-1)
  if (outer === undefined || member === undefined || member.end !== -1) return
  let end = at
  while (text.charCodeAt(end - 1) <= SPACE) end--
  member.end = depth === 1 ? end : end - outer.start
}

function skipSpace(text: string, from: number): number {
  let at = from
  while (text.charCodeAt(at) <= SPACE) at++
  return at
}

/** Index of the quote that ends the string opened at `open`. */
function endOfString(text: string, open: number): number {
  let close = text.indexOf('"', open + 1)
  for (;;) {
    if (close === -1) return text.length
    let slashes = 0
    while (text.charCodeAt(close - 1 - slashes) === BACKSLASH) slashes++
    if (slashes % 2 === 0) return close
    close = text.indexOf('"', close + 1)
  }
}

/** Index just past the value that begins at `start`. */
function endOfValue(text: string, start: number): number {
  const first = text.charCodeAt(start)
  if (first === QUOTE) return endOfString(text, start) + 1
  let at = start
  if (first !== OPEN_OBJECT && first !== OPEN_ARRAY) {
    for (; at < text.length; at++) {
      const code = text.charCodeAt(at)
      if (code === COMMA || code === CLOSE_OBJECT || code === CLOSE_ARRAY || code <= SPACE) break
    }
    return at
  }
  let depth = 0
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === QUOTE) at = endOfString(text, at)
    else if (code === OPEN_OBJECT || code === OPEN_ARRAY) depth++
    else if (code === CLOSE_OBJECT || code === CLOSE_ARRAY) {
      depth--
      if (depth === 0) return at + 1
    }
  }
  return at
}
