import { expect, test } from 'vitest'
import { StartTimeline } from './start-timeline.ts'

const statuses = (timeline: StartTimeline) => timeline.snapshot().steps.map((step) => step.status)

test('goes through the steps and finishes with the last', () => {
  const timeline = new StartTimeline()
  expect(timeline.current).toBe('resolve')
  timeline.begin('resolve')
  timeline.done('resolve', '/usr/bin/node')
  timeline.skip('spawn')
  timeline.begin('first_byte')
  expect(timeline.current).toBe('first_byte')
  expect(timeline.snapshot().finished_at).toBeNull()
  for (const step of ['first_byte', 'handshake', 'list'] as const) {
    timeline.begin(step)
    timeline.done(step)
  }
  expect(statuses(timeline)).toEqual(['done', 'skipped', 'done', 'done', 'done'])
  const [resolve] = timeline.snapshot().steps
  expect(resolve).toMatchObject({
    detail: '/usr/bin/node',
    took_ms: expect.any(Number),
    started_at: expect.any(String),
  })
  expect(timeline.snapshot().finished_at).not.toBeNull()
})

test('marks the step that failed and leaves the rest waiting', () => {
  const timeline = new StartTimeline()
  timeline.begin('resolve')
  timeline.done('resolve')
  timeline.begin('spawn')
  timeline.fail('no')
  timeline.done('spawn', 'too late')
  expect(statuses(timeline)).toEqual(['done', 'failed', 'waiting', 'waiting', 'waiting'])
  expect(timeline.snapshot().steps[1]!.detail).toBe('no')
})

test('goes back to a step for a second process', () => {
  const timeline = new StartTimeline()
  for (const step of ['resolve', 'spawn', 'first_byte'] as const) {
    timeline.begin(step)
    timeline.done(step)
  }
  timeline.begin('handshake')
  timeline.rewind('spawn')
  expect(statuses(timeline)).toEqual(['done', 'waiting', 'waiting', 'waiting', 'waiting'])
  expect(timeline.current).toBe('spawn')
})
