import { stripVTControlCharacters } from 'node:util'

const longestQuestion = 200
/** `Ok to proceed? (y)`, `Continue [Y/n]:`, `Password:`. */
const question =
  /(?:\?\s*(?:[([][^)\]]{1,20}[)\]])?\s*:?|[([](?:y(?:es)?\s*\/\s*no?|y)[)\]]\s*[:?]?|(?:password|passphrase)\b.*:)$/i

/** The question that an output ends in, where it waits on the same line for an answer; null where there is none. */
export function questionIn(unendedLine: string): string | null {
  const line = stripVTControlCharacters(unendedLine.split('\n').at(-1) ?? '').trim()
  return question.test(line) ? line.slice(-longestQuestion) : null
}
