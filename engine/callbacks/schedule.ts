/** Attempts over about a day and a half; then the callback is given up. */
const mostAttempts = 12
const firstMs = 5_000
const factor = 4
const longestMs = 6 * 3600 * 1000

/**
 * Milliseconds until the next attempt after so many that failed; null where there is none. Each pause is four times the one
 * before, at most six hours, and up to a quarter of it is chance: what failed together does not come back together.
 */
export function nextAttemptMs(attempts: number, askedMs: number, random: () => number = Math.random): number | null {
  if (attempts >= mostAttempts) return null
  const pause = Math.min(firstMs * factor ** (attempts - 1), longestMs)
  return Math.round(Math.max(askedMs, pause * (0.75 + random() * 0.25)))
}
