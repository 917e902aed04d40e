// JSON as text: what others wrote is cut and spliced, never read and written anew, so that numbers keep their digits,
// objects their order and unknown members their place. All of this expects text that JSON.parse takes.

import {
  BACKSLASH,
  CLOSE_ARRAY,
  CLOSE_OBJECT,
  COMMA,
  endOfString,
  OPEN_ARRAY,
  OPEN_OBJECT,
  QUOTE,
} from './json-marks.ts'

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

const SPACE = 0x20
export const maxDepth = 200
/** From so many keys on, a set finds a repeated one sooner than a list. */
const manyKeys = 12
const proto = '__proto__'

/** The members of the object that `text` is, in their order; none where it is something else. */
export function membersOf(text: string): Member[] {
  const members: Member[] = []
  let at = skipSpace(text, 0)
  if (text.charCodeAt(at) !== OPEN_OBJECT) return members
  at = skipSpace(text, at + 1)
  while (text.charCodeAt(at) === QUOTE) {
    const close = closeOfString(text, at)
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
  const keys = new OpenKeys(text)
  let depth = 0
  let atKey = false
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === QUOTE) {
      const close = closeOfString(text, at)
      if (atKey) {
        atKey = false
        const offence = keys.add(at, close)
        if (offence !== null) return offence
        if (depth <= 2) beginMember(found, depth, inner, text, at, close)
      }
      at = close
    } else if (code === COMMA) {
      if (depth <= 2) endMember(found, depth, text, at)
      atKey = keys.isObject
    } else if (code === OPEN_OBJECT || code === OPEN_ARRAY) {
      if (++depth > depthLimit) return 'nested_too_deep'
      atKey = code === OPEN_OBJECT
      keys.open(atKey)
    } else if (code === CLOSE_OBJECT || code === CLOSE_ARRAY) {
      if (depth <= 2) endMember(found, depth, text, at)
      depth--
      keys.close()
      atKey = false
    }
  }
  return found
}

/** What objects and arrays are open at one place of a text, and the keys that each of the objects had so far. */
class OpenKeys {
  readonly #text: string
  /** For each that is open: where in `places` its keys begin; -1 for an array. */
  readonly #begins: number[] = []
  /** Begin and end of each key: those of an inner object behind those of the one around it. */
  readonly #places: number[] = []
  /** Of objects whose keys are too many, or spelt in too many ways, to be held against one another in the text; by depth. */
  #sets: (Set<string> | undefined)[] | null = null

  constructor(text: string) {
    this.#text = text
  }

  /** Whether the innermost one is an object. */
  get isObject(): boolean {
    const { length } = this.#begins
    return length > 0 && this.#begins[length - 1] !== -1
  }

  open(isObject: boolean): void {
    this.#begins.push(isObject ? this.#places.length : -1)
  }

  close(): void {
    const begin = this.#begins.pop()
    if (begin === undefined || begin === -1) return
    this.#places.length = begin
    if (this.#sets !== null) this.#sets[this.#begins.length] = undefined
  }

  /** A key of the innermost object, between these quotes. */
  add(open: number, close: number): JsonOffence | null {
    const from = open + 1
    const set = this.#sets?.[this.#begins.length - 1]
    if (set !== undefined) return addKey(set, keyText(this.#text, open, close))
    if (close - from === proto.length && this.#text.startsWith(proto, from)) return 'proto_key'
    const begin = this.#begins[this.#begins.length - 1]!
    const places = this.#places
    for (let at = begin; at < places.length; at += 2) {
      if (places[at + 1]! - places[at]! === close - from && isSame(this.#text, places[at]!, from, close - from)) {
        return 'duplicate_key'
      }
    }
    places.push(from, close)
    const isOdd = places.length - begin >= manyKeys * 2 || hasEscape(this.#text, from, close)
    return isOdd ? this.#gather(begin) : null
  }

  /** Puts the keys of the innermost object into a set, as what they mean. */
  #gather(begin: number): JsonOffence | null {
    const set = new Set<string>()
    this.#sets ??= []
    this.#sets[this.#begins.length - 1] = set
    for (let at = begin; at < this.#places.length; at += 2) {
      const offence = addKey(set, keyText(this.#text, this.#places[at]! - 1, this.#places[at + 1]!))
      if (offence !== null) return offence
    }
    return null
  }
}

function addKey(keys: Set<string>, key: string): JsonOffence | null {
  if (key === proto) return 'proto_key'
  if (keys.has(key)) return 'duplicate_key'
  keys.add(key)
  return null
}

function isSame(text: string, a: number, b: number, length: number): boolean {
  for (let at = 0; at < length; at++) if (text.charCodeAt(a + at) !== text.charCodeAt(b + at)) return false
  return true
}

function hasEscape(text: string, from: number, end: number): boolean {
  for (let at = from; at < end; at++) if (text.charCodeAt(at) === BACKSLASH) return true
  return false
}

/** On one line, as a message over stdio has to be: line ends can only be between tokens. */
export function onOneLine(text: string): string {
  return text.includes('\n') || text.includes('\r') ? text.replace(/[\r\n]+/g, ' ') : text
}

function keyText(text: string, open: number, close: number): string {
  const raw = text.slice(open + 1, close)
  return raw.includes('\\') ? (JSON.parse(text.slice(open, close + 1)) as string) : raw
}

/** A member of that depth begins with the key between these quotes, where somebody asked for it. */
function beginMember(
  { members, inner }: Outline,
  depth: number,
  looked: string | null,
  text: string,
  open: number,
  close: number,
): void {
  const outer = members.at(-1)
  if (depth === 2 && outer?.key !== looked) return
  const base = depth === 1 ? 0 : outer!.start
  const start = skipSpace(text, skipSpace(text, close + 1) + 1)
  const member = { key: keyText(text, open, close), from: open - base, start: start - base, end: -1 }
  if (depth === 1) members.push(member)
  else inner.push(member)
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

/** Index of the quote that ends the string opened at `open`; the end of a text that has none. */
function closeOfString(text: string, open: number): number {
  const close = endOfString(text, open)
  return close === -1 ? text.length : close
}

/** Index just past the value that begins at `start`. */
function endOfValue(text: string, start: number): number {
  const first = text.charCodeAt(start)
  if (first === QUOTE) return closeOfString(text, start) + 1
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
    if (code === QUOTE) at = closeOfString(text, at)
    else if (code === OPEN_OBJECT || code === OPEN_ARRAY) depth++
    else if (code === CLOSE_OBJECT || code === CLOSE_ARRAY) {
      depth--
      if (depth === 0) return at + 1
    }
  }
  return at
}
