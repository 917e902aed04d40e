import assert from 'node:assert/strict'
import fc from 'fast-check'
import { logMigrations } from '../../engine/store/log-migrations.ts'
import { LogLineRepo } from '../../engine/store/log-repo.ts'
import { migrate } from '../../engine/store/migrate.ts'
import { Retention } from '../../engine/store/retention.ts'
import { connect, kyselyOver } from '../../engine/store/sqlite.ts'
import type { ServerId } from '../../shared/ids.ts'
import type { LogLine } from '../../shared/log.ts'
import type { Property } from './property.ts'

const dayMs = 24 * 3_600_000
const kept = 20
const startMs = Date.UTC(2026, 10, 22)
const mostSteps = 200

/** Some lines of a server, at a clock that may stand anywhere; enough text that many of them become a block. */
const burst = fc.record({
  server: fc.constantFrom('a', 'b', 'c'),
  lines: fc.integer({ min: 1, max: 25 }),
  bytes: fc.constantFrom(1, 300, 6_000),
  ageDays: fc.double({ min: -400, max: 400, noNaN: true }),
})

const limits = fc.record({
  days: fc.integer({ min: 1, max: 200 }),
  count: fc.oneof(fc.integer({ min: 1, max: 100 }), fc.constant(1_000_000)),
  bytes: fc.oneof(fc.integer({ min: 1, max: 400_000 }), fc.constant(2 ** 40)),
})

/** What the wall clock and the clock of the machine have done by a step. */
const clock = fc.record({
  wallDays: fc.oneof(fc.double({ min: -4_000, max: 4_000, noNaN: true }), fc.constant(0)),
  passedDays: fc.oneof(fc.double({ min: 0, max: 300, noNaN: true }), fc.constant(0)),
})

export const retention: Property = {
  name: 'retention: any lines, limits and clocks: nothing newer than the limits goes, and never everything',
  share: 1,
  async run(runs, watch) {
    const sqlite = connect(':memory:')
    try {
      await migrate(sqlite, kyselyOver(sqlite), logMigrations)
      const input = fc.tuple(fc.array(burst, { minLength: 1, maxLength: 12 }), limits, clock)
      await fc.assert(
        fc.asyncProperty(input, async ([bursts, limit, clock]) => {
          sqlite.exec('delete from log_lines; delete from log_blocks; delete from log_bodies; delete from log_minutes')
          const repo = new LogLineRepo(sqlite, { kept })
          const lines = await fill(repo, bursts)
          await watch.asyncInput(() => prune(repo, limit, clock))
          const left = await repo.following({ after: 0, through: lines.length, limit: lines.length })
          judge(lines, left, limit, clock)
        }),
        runs,
      )
    } finally {
      sqlite.close()
    }
  },
}

type Burst = Parameters<Parameters<typeof burst.map>[0]>[0]
type Limits = Parameters<Parameters<typeof limits.map>[0]>[0]
type Clock = Parameters<Parameters<typeof clock.map>[0]>[0]

async function fill(repo: LogLineRepo, bursts: readonly Burst[]): Promise<LogLine[]> {
  const all: LogLine[] = []
  for (const { server, lines, bytes, ageDays } of bursts) {
    const at = new Date(Math.round(startMs - ageDays * dayMs)).toISOString()
    const some = Array.from({ length: lines }, (_, index): LogLine => {
      const seq = all.length + index + 1
      const text = `${seq} ${'x'.repeat(bytes)}`
      return {
        seq,
        at,
        server: server as ServerId,
        run_id: null,
        stream: 'stderr',
        level: 'info',
        level_guessed: true,
        text,
      }
    })
    await repo.append(some)
    all.push(...some)
  }
  return all
}

async function prune(
  repo: LogLineRepo,
  { days, count, bytes }: Limits,
  { wallDays, passedDays }: Clock,
): Promise<void> {
  const settings: Record<string, number> = {
    retention_log_days: days,
    retention_log_count: count,
    retention_log_bytes: bytes,
  }
  let step = 0
  // Both clocks stand at the start when it begins, and where they stand from then on.
  using rounds = new Retention({
    store: {
      access: 'read_write',
      prune: async () => 0,
      settings: { get: async (key) => settings[key], set: async () => {} },
    },
    logStore: { prune: (limits) => repo.prune(limits) },
    now: () => startMs + (step === 0 ? 0 : wallDays * dayMs),
    elapsed: () => (step === 0 ? 0 : passedDays * dayMs),
  })
  for (step = 1; await rounds.step(); step++) assert.ok(step < mostSteps, 'it goes on for ever')
}

/** The rules once more, line by line. */
function judge(
  lines: readonly LogLine[],
  left: readonly LogLine[],
  limit: Limits,
  { wallDays, passedDays }: Clock,
): void {
  const last = lines.length
  const stays = new Map(left.map((line) => [line.seq, line]))
  const todayMs = startMs + Math.min(wallDays, passedDays + 1) * dayMs
  for (const line of lines) {
    const same = stays.get(line.seq)
    if (same !== undefined) {
      assert.deepEqual(same, line)
      continue
    }
    assert.ok(last - line.seq >= kept, `line ${line.seq} of ${last} is among the newest`)
    const isOld = Date.parse(line.at) < todayMs - limit.days * dayMs
    const isSurplus = last - line.seq >= limit.count
    assert.ok(isOld || isSurplus || limit.bytes < 2 ** 40, `line ${line.seq} of ${line.at} was within all limits`)
  }
  assert.equal(stays.size, left.length, 'a line came twice')
  assert.ok(left.length >= Math.min(last, kept), 'too many went')
}
