/** A source of numbers in [0, 1) that a seed decides wholly (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** As many of them as asked, chosen by the seed, in their order. */
export function picked<T>(items: readonly T[], count: number, seed: number): T[] {
  const next = seeded(seed)
  const ranked = items.map((item, index) => ({ item, index, rank: next() }))
  const chosen = ranked.sort((a, b) => a.rank - b.rank).slice(0, count)
  return chosen.sort((a, b) => a.index - b.index).map(({ item }) => item)
}
