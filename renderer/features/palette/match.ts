/** Where a query touches a title: half-open ranges of characters, in order; and how well, more is better. */
export interface Match {
  ranges: readonly (readonly [start: number, end: number])[]
  score: number
}

/**
 * Matches when every word of the query stands in the title, words of the title that begin with it first. An empty query
 * matches everything alike.
 */
export function matchTitle(title: string, query: string): Match | null {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean)
  const text = title.toLowerCase()
  const ranges: [number, number][] = []
  let score = 0
  for (const word of words) {
    const found = findWord(text, word, ranges)
    if (!found) return null
    ranges.push([found.at, found.at + word.length])
    score += found.isStart ? 10 : 2
  }
  ranges.sort((a, b) => a[0] - b[0])
  // Between equal matches, the shorter title says more.
  return { ranges, score: score - title.length / 100 }
}

function findWord(
  text: string,
  word: string,
  taken: readonly [number, number][],
): { at: number; isStart: boolean } | null {
  let inside: number | null = null
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    if (taken.some(([start, end]) => at < end && at + word.length > start)) continue
    if (at === 0 || !/[\p{L}\p{N}]/u.test(text[at - 1]!)) return { at, isStart: true }
    inside ??= at
  }
  return inside === null ? null : { at: inside, isStart: false }
}
