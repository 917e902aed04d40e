import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { LogFilter } from '../../shared/contract.ts'
import { type LogLine, logLevels } from '../../shared/log.ts'
import { openLogStore } from '../store/open-store.ts'
import { newRunId, serverId, storeWorker, temporaryHome } from '../store/test-store.ts'
import { logMatcher } from './filter.ts'

const servers = ['notes', 'files', '100% größe'].map(serverId)
const streams = ['stderr', 'stdout', 'mcp', 'supervisor'] as const
const run = newRunId()
const at = (seconds: number): string => new Date(Date.UTC(2026, 10, 22, 14, 0, seconds)).toISOString()
/** Wildcards, quotes, a NUL, and letters that fold into ASCII ones in some alphabets. */
const letters = fc.constantFrom(
  'a',
  'B',
  'k',
  'K',
  '\u212a',
  'ä',
  'Ä',
  'ß',
  'ẞ',
  'İ',
  '%',
  '_',
  '\\',
  "'",
  '[',
  '\0',
  '😀',
)
const texts = fc.string({ unit: letters, maxLength: 6 })
const some = <T>(values: readonly T[]) => fc.uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength: 3 })

const lines: LogLine[] = fc
  .sample(
    fc.record({
      server: fc.constantFrom(...servers),
      stream: fc.constantFrom(...streams),
      level: fc.constantFrom(...logLevels),
      level_guessed: fc.boolean(),
      run_id: fc.constantFrom(run, null),
      text: texts,
      // The clock may have been set back between two lines.
      at: fc.integer({ min: 0, max: 600 }).map(at),
    }),
    { numRuns: 200, seed: 20261122 },
  )
  .map((line, index) => ({ seq: index + 1, ...line }))

const filters: fc.Arbitrary<LogFilter> = fc.record(
  {
    server: some(servers),
    level: fc.constantFrom(...logLevels),
    stream: some(streams),
    q: fc.string({ unit: letters, minLength: 1, maxLength: 2 }),
    since: fc.integer({ min: 0, max: 600 }).map(at),
    until: fc.integer({ min: 0, max: 600 }).map(at),
  },
  { requiredKeys: [] },
)
const spans = fc.option(fc.tuple(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 0, max: 300 })), { nil: null })

test('the predicate and the store select the same lines', async () => {
  using home = temporaryHome()
  const { store } = await openLogStore({ file: home.file('logs.db'), worker: storeWorker })
  await using _ = store
  await store.append(lines.slice(0, 90))
  await store.append(lines.slice(90))

  await fc.assert(
    fc.asyncProperty(filters, spans, fc.integer({ min: 1, max: 60 }), async (filter, ends, limit) => {
      const expected = lines.filter(logMatcher(filter))

      const span = ends && { from: at(ends[0]), to: at(ends[0] + ends[1]) }
      const isInSpan = (line: LogLine): boolean => !span || (line.at >= span.from && line.at <= span.to)
      const listed: LogLine[] = []
      const whole = { ...filter, limit, ...(span ? { span } : {}) }
      for (let page = await store.list(whole); ; page = await store.list({ ...whole, before: page.next_before! })) {
        listed.push(...page.items)
        if (page.next_before === null) break
      }
      expect(listed.toReversed()).toEqual(expected.filter(isInSpan))

      const following = await store.following({ ...filter, after: 20, through: 150, limit: 200 })
      expect(following).toEqual(expected.filter(({ seq }) => seq > 20 && seq <= 150))
    }),
    { numRuns: 300 },
  )
})
