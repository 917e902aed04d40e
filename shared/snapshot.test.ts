import { expect, test } from 'vitest'
import type { TaskId } from './ids.ts'
import { uuidV7 } from './ids.ts'
import { applyEvent, type Snapshot } from './snapshot.ts'
import type { TaskSummary } from './task.ts'

const snapshot = { running: [], recent: [], servers: [], tasks_total: 0 } as unknown as Snapshot

const task = (patch: Partial<TaskSummary>): TaskSummary =>
  ({ task_id: uuidV7() as TaskId, status: 'running', finished_at: null, ...patch }) as TaskSummary

test('a task moves from the running to the recent ones when it ends', () => {
  const running = task({})
  const after = applyEvent(snapshot, { type: 'task.changed', task: running, tasks_total: 1 })
  expect(after.running).toEqual([running])
  const done = { ...running, status: 'completed' as const, finished_at: '2026-11-22T10:00:00.000Z' }
  const end = applyEvent(after, { type: 'task.changed', task: done, tasks_total: 1 })
  expect([end.running, end.recent]).toEqual([[], [done]])
})

test('applying an event twice changes nothing', () => {
  const event = {
    type: 'task.changed' as const,
    task: task({ status: 'completed', finished_at: '2026-01-01' }),
    tasks_total: 1,
  }
  const once = applyEvent(snapshot, event)
  expect(applyEvent(once, event)).toEqual(once)
})

test('at most twenty finished tasks are kept, the newest', () => {
  const finish = (n: number) => task({ status: 'failed', finished_at: new Date(n * 1000).toISOString() })
  const end = Array.from({ length: 50 }, (_, n) => finish(n)).reduce(
    (before, done) => applyEvent(before, { type: 'task.changed', task: done, tasks_total: 50 }),
    snapshot,
  )
  expect(end.recent.map(({ finished_at }) => finished_at)).toEqual(
    Array.from({ length: 20 }, (_, n) => new Date((49 - n) * 1000).toISOString()),
  )
})
