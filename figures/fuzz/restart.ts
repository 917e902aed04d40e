import assert from 'node:assert/strict'
import fc from 'fast-check'
import { type Ending, nextRestart, defaultRestartRules as rules } from '../../engine/servers/restart-policy.ts'
import type { Property } from './property.ts'

const life = fc.record({
  afterMs: fc.oneof(fc.nat(20_000), fc.nat(20 * 60_000)),
  readyMs: fc.option(fc.nat(20 * 60_000)),
  isPermanent: fc.nat(19).map((draw) => draw === 0),
  isOutside: fc.boolean(),
  isClean: fc.boolean(),
  draw: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
})

export const restart: Property = {
  name: 'supervisor: any endings on any clock: waits within bounds, a loop exactly by the rule, no retry of the hopeless',
  share: 4,
  run(runs, watch) {
    fc.assert(
      fc.property(fc.array(life, { minLength: 1, maxLength: 30 }), (lives) => {
        let atMs = 0
        const endings: Ending[] = []
        for (const { afterMs, draw, ...ending } of lives) {
          atMs += afterMs + (ending.readyMs ?? 0)
          endings.push({ atMs, ...ending })
          const decision = watch.input(() => nextRestart(endings, rules, draw))
          const expected = byTheRule(endings)
          assert.equal(decision.kind, expected.kind)
          if (decision.kind !== 'retry') break
          const [low, high] = [expected.waitMs * 0.8, expected.waitMs * 1.2]
          assert.ok(decision.delayMs >= Math.floor(low) && decision.delayMs <= Math.ceil(high), `${decision.delayMs}`)
          atMs += decision.delayMs
        }
      }),
      runs,
    )
  },
}

/** The rule once more, step by step as the document tells it. */
function byTheRule(endings: readonly Ending[]): { kind: string; waitMs: number } {
  const last = endings.at(-1)!
  if (last.isPermanent) return { kind: 'fail', waitMs: 0 }
  let counted: Ending[] = []
  for (const ending of endings) {
    if ((ending.readyMs ?? 0) >= 10 * 60_000) counted = []
    counted.push(ending)
  }
  let halvesFailedInARow = 0
  let halvesInFiveMinutes = 0
  for (const { isOutside, isClean, readyMs, atMs } of counted) {
    if (isOutside) continue
    const halves = isClean ? 1 : 2
    halvesFailedInARow = readyMs === null ? halvesFailedInARow + halves : 0
    if (atMs > last.atMs - 5 * 60_000) halvesInFiveMinutes += halves
  }
  if (!last.isOutside && (halvesInFiveMinutes >= 10 || halvesFailedInARow >= 6))
    return { kind: 'crash_loop', waitMs: 0 }
  return { kind: 'retry', waitMs: Math.min(1000 * 2 ** (counted.length - 1), counted.length > 6 ? 60_000 : Infinity) }
}
