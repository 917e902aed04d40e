import { seededRandom } from './seeded-random.ts'

/** As many of them as asked, chosen by the seed, in their order. */
export function picked<T>(items: readonly T[], count: number, seed: number): T[] {
  const next = seededRandom(seed)
  const ranked = items.map((item, index) => ({ item, index, rank: next() }))
  const chosen = ranked.sort((a, b) => a.rank - b.rank).slice(0, count)
  return chosen.sort((a, b) => a.index - b.index).map(({ item }) => item)
}
