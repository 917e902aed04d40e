import { secretTrigrams } from '../secrets/secret-patterns.ts'
import { levelTrigrams } from './level-guess.ts'

/** What a line may hold. */
const secret = 1
const level = 2
const lineFeed = 10
const escapeStart = 0x1b
const brace = 123

const marks = new Uint8Array(1 << 15)
for (const trigram of secretTrigrams) marks[hashOf(trigram)]! |= secret
for (const trigram of levelTrigrams) marks[hashOf(trigram)]! |= level

/** Told of a line that has to be looked at by itself, by its place among the others and in the text. */
type OnSuspect = (line: number, start: number, end: number, mayHoldSecret: boolean, mayNameLevel: boolean) => void

/**
 * Looks once at each byte of many lines in UTF-8, for the few that may name a level other than `info` or hold a secret.
 * `places`: where a known value may stand, in rising order. Tells how many lines there are.
 */
export function scanLines(text: Buffer, places: readonly number[], onSuspect: OnSuspect): number {
  // Terminal escapes may stand within a word.
  const hasEscapes = text.includes(escapeStart)
  let line = 0
  let place = 0
  for (let start = 0; start <= text.length; line++) {
    let found = startMarks(text, start)
    let hash = 0
    let end = start
    for (; end < text.length; end++) {
      const byte = text[end]!
      if (byte === lineFeed) break
      hash = ((hash << 5) ^ (byte & 31)) & 0x7fff
      found |= marks[hash]!
    }
    if (hasEscapes && text.subarray(start, end).includes(escapeStart)) found |= level
    while (place < places.length && places[place]! < end) {
      found |= secret
      place++
    }
    if (found !== 0) onSuspect(line, start, end, (found & secret) !== 0, (found & level) !== 0)
    start = end + 1
  }
  return line
}

/** JSON names its level in any place, glog by one letter before a digit; white space before it does not count. */
function startMarks(text: Buffer, start: number): number {
  const byte = text[start] ?? lineFeed
  if (byte === brace || byte <= 32 || byte > 127) return level
  const isLetter = byte === 69 || byte === 70 || byte === 87
  const next = text[start + 1] ?? 0
  return isLetter && next >= 48 && next <= 57 ? level : 0
}

/** Takes upper and lower case for one. */
function hashOf(trigram: string): number {
  let hash = 0
  for (let at = 0; at < trigram.length; at++) hash = ((hash << 5) ^ (trigram.charCodeAt(at) & 31)) & 0x7fff
  return hash
}
