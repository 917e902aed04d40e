import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { TaskStatus } from '../../shared/task.ts'
import { isFinished, taskStatuses } from '../../shared/task.ts'
import { openStore } from './open-store.ts'
import { newTask, storeWorker, temporaryHome } from './test-store.ts'

const hourMs = 3_600_000
const start = Date.UTC(2026, 10, 21)
const time = (ms: number): string => new Date(ms).toISOString()

interface Fact {
  createdMs: number
  status: TaskStatus
  duration_ms: number | null
}

/** The share of a sorted list, the slow way. */
function percentile(facts: Fact[], share: number): number | null {
  const sorted = facts.flatMap(({ duration_ms }) => duration_ms ?? []).sort((a, b) => a - b)
  return sorted.find((_, index) => (index + 1) / sorted.length >= share) ?? null
}

function figures(facts: Fact[]) {
  const failed = facts.filter(({ status }) => ['failed', 'timed_out', 'interrupted'].includes(status)).length
  return { calls: facts.length, failed, p50_ms: percentile(facts, 0.5), p95_ms: percentile(facts, 0.95) }
}

function expectedDay(facts: Fact[], nowMs: number) {
  const last = Math.floor(nowMs / hourMs)
  const hours = Array.from({ length: 24 }, (_, index) => last - 23 + index)
  const finished = facts.filter(({ status }) => isFinished(status))
  const within = (hour: number) => finished.filter(({ createdMs }) => Math.floor(createdMs / hourMs) === hour)
  return {
    ...figures(hours.flatMap(within)),
    hours: hours.map((hour) => ({ at: time(hour * hourMs), ...figures(within(hour)) })),
  }
}

const facts = fc.record({
  createdMs: fc.integer({ min: 0, max: 47 * 60 }).map((minute) => start + minute * 60_000),
  status: fc.constantFrom(...taskStatuses),
  duration_ms: fc.option(fc.integer({ min: 0, max: 50 }), { nil: null }),
})
const questions = fc.array(fc.integer({ min: 0, max: 47 }), { minLength: 1, maxLength: 3 })

test('the figures of any 24 hours are those of a plain loop, however often they are asked for in between', async () => {
  using home = temporaryHome()
  const { store } = await openStore({ file: home.file('signalbox.db'), worker: storeWorker })
  await using _ = store
  const all: Fact[] = []
  await fc.assert(
    fc.asyncProperty(fc.array(facts, { maxLength: 8 }), questions, async (added, hours) => {
      for (const fact of added) {
        const row = newTask({ created_at: time(fact.createdMs) })
        await store.tasks.insert(row, [])
        const { status, duration_ms } = fact
        await store.tasks.update(row.task_id, { status, ...(duration_ms === null ? {} : { duration_ms }) }, [])
        all.push(fact)
      }
      for (const hour of hours) {
        const nowMs = start + hour * hourMs + 1
        expect(await store.tasks.day(time(nowMs))).toEqual(expectedDay(all, nowMs))
      }
    }),
    { numRuns: 40 },
  )
})
