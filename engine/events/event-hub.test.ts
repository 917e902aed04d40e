import { expect, test } from 'vitest'
import type { ProfileId } from '../../shared/client.ts'
import type { ServerId, TaskId } from '../../shared/ids.ts'
import { applyEvent, type EngineEvent } from '../../shared/snapshot.ts'
import type { TaskSummary } from '../../shared/task.ts'
import { testSnapshot } from '../../shared/test-snapshot.ts'
import { EventHub } from './event-hub.ts'

const empty = testSnapshot()

function finishedTask(number: number): TaskSummary {
  const at = new Date(Date.UTC(2026, 10, 22) + number).toISOString()
  return {
    task_id: `01a2052c-6de9-7284-8137-${String(number).padStart(12, '0')}` as TaskId,
    status: 'completed',
    agent: 'echo' as ServerId,
    action: 'echo',
    origin: 'owner',
    parent_id: null,
    rerun_of: null,
    run_id: null,
    created_at: at,
    started_at: at,
    finished_at: at,
    duration_ms: 1,
    progress: null,
    error_code: null,
  }
}

const urlEvent = (port: number): EngineEvent => ({ type: 'url.changed', url: `http://127.0.0.1:${port}` })

test('a reader gets a snapshot and then the changes', async () => {
  const hub = new EventHub(empty)
  const stop = new AbortController()
  const reader = hub.follow({}, stop.signal)
  expect((await reader.next()).value).toEqual({ kind: 'snapshot', epoch: hub.epoch, seq: 0, snapshot: empty })
  hub.publish(urlEvent(1))
  expect((await reader.next()).value).toEqual({ kind: 'changes', epoch: hub.epoch, seq: 1, events: [urlEvent(1)] })
  stop.abort()
  expect((await reader.next()).done).toBe(true)
})

test('a reader that comes back gets exactly what it missed', async () => {
  const hub = new EventHub(empty)
  for (let port = 1; port <= 5; port++) hub.publish(urlEvent(port))
  const reader = hub.follow({ epoch: hub.epoch, after: 3 }, AbortSignal.timeout(5_000))
  expect((await reader.next()).value).toEqual({ kind: 'changes', epoch: hub.epoch, seq: 5, events: [urlEvent(5)] })
  await reader.return()
})

test('numbers of another life of the engine mean nothing', async () => {
  const hub = new EventHub(empty)
  hub.publish(urlEvent(1))
  const reader = hub.follow({ epoch: new EventHub(empty).epoch, after: 1 }, AbortSignal.timeout(5_000))
  expect((await reader.next()).value).toMatchObject({ kind: 'snapshot', seq: 1 })
  await reader.return()
})

test('a reader too far behind gets a fresh snapshot, and folding what it got equals the hub', async () => {
  const hub = new EventHub(empty)
  const reader = hub.follow({}, AbortSignal.timeout(5_000))
  await reader.next()
  for (let port = 1; port <= 20_000; port++) hub.publish(urlEvent(port))
  const message = (await reader.next()).value
  expect(message).toEqual({ kind: 'snapshot', epoch: hub.epoch, seq: 20_000, snapshot: hub.snapshot })
  await reader.return()
})

test('a flood of tasks that nobody reads is told in a fresh snapshot, and a few in their changes', async () => {
  const hub = new EventHub(empty)
  for (let number = 1; number <= 3; number++) hub.taskChanged(finishedTask(number), true)
  await using back = hub.follow({ epoch: hub.epoch, after: 0 }, AbortSignal.timeout(5_000))
  expect((await back.next()).value).toMatchObject({ kind: 'changes', seq: 3 })
  await back.return()
  for (let number = 4; number <= 200; number++) hub.taskChanged(finishedTask(number), true)
  await using again = hub.follow({ epoch: hub.epoch, after: 3 }, AbortSignal.timeout(5_000))
  const { value } = await again.next()
  expect(value).toMatchObject({ kind: 'snapshot', seq: 200, snapshot: { tasks_total: 200 } })
  expect(value?.kind === 'snapshot' && value.snapshot.recent[0]).toEqual(finishedTask(200))
})

test('notices are never coalesced', async () => {
  const hub = new EventHub(empty)
  const reader = hub.follow({ epoch: hub.epoch, after: 0 }, AbortSignal.timeout(5_000))
  const notice = (title: string): EngineEvent => ({
    type: 'notice.raised',
    notice: {
      id: crypto.randomUUID(),
      at: '2026-11-22T10:00:00.000Z',
      severity: 'info',
      server: null,
      task_id: null,
      title,
      message: '',
    },
  })
  const events = [notice('one'), urlEvent(1), notice('two'), urlEvent(2)]
  for (const event of events) hub.publish(event)
  expect((await reader.next()).value).toMatchObject({ events: [events[0], events[2], events[3]] })
  expect(hub.snapshot).toEqual(applyEvent(empty, urlEvent(2)))
  await reader.return()
})

test('things of one kind each keep their last word', async () => {
  const hub = new EventHub(empty)
  const reader = hub.follow({ epoch: hub.epoch, after: 0 }, AbortSignal.timeout(5_000))
  const profile = (id: string, name: string): EngineEvent => ({
    type: 'profile.changed',
    profile: { id: id as ProfileId, name, others: 'on', servers: [] },
  })
  const removed: EngineEvent = { type: 'profile.removed', id: 'two' as ProfileId }
  for (const event of [profile('one', 'early'), profile('two', 'two'), profile('three', 'three'), removed]) {
    hub.publish(event)
  }
  hub.publish(profile('one', 'late'))
  expect((await reader.next()).value).toMatchObject({
    events: [profile('three', 'three'), removed, profile('one', 'late')],
  })
  await reader.return()
})
