import { expect, test } from 'vitest'
import type { Rule, RuleId, TriggerOf } from '../../../shared/rule.ts'
import { dueBetween, readSchedule } from './due-times.ts'
import { ScheduleTrigger } from './schedule-trigger.ts'
import { heardBus, ruleWith } from './test-rule.ts'

const due = (cron: string, time_zone: string, from: string, now: string) => {
  const { count, last } = dueBetween(readSchedule({ cron, time_zone }), new Date(from), new Date(now))
  return [count, last?.toISOString() ?? null]
}

test.each([
  ['nothing is due', '0 9 * * *', 'UTC', '2026-11-22T09:00:00Z', '2026-11-23T08:59:59Z', [0, null]],
  [
    'this very moment is due',
    '0 9 * * *',
    'UTC',
    '2026-11-22T09:00:00Z',
    '2026-11-23T09:00:00Z',
    [1, '2026-11-23T09:00:00.000Z'],
  ],
  [
    'a weekend of hours',
    '0 * * * *',
    'UTC',
    '2026-11-20T17:30:00Z',
    '2026-11-23T08:30:00Z',
    [63, '2026-11-23T08:00:00.000Z'],
  ],
  [
    'a month of seconds is counted to its bound, and its last one found',
    '* * * * * *',
    'UTC',
    '2026-10-22T00:00:00Z',
    '2026-11-22T00:00:00Z',
    [1000, '2026-11-22T00:00:00.000Z'],
  ],
  [
    'in spring a time that the clock leaps over is due at the end of the leap',
    '30 2 * * *',
    'Europe/Berlin',
    '2026-03-28T12:00:00Z',
    '2026-03-29T12:00:00Z',
    [1, '2026-03-29T01:00:00.000Z'],
  ],
  [
    'in autumn a time that comes twice is due once',
    '30 2 * * *',
    'Europe/Berlin',
    '2026-10-24T12:00:00Z',
    '2026-10-25T12:00:00Z',
    [1, '2026-10-25T00:30:00.000Z'],
  ],
  [
    'an hour that comes twice has its own hourly time each',
    '0 * * * *',
    'Europe/Berlin',
    '2026-10-24T23:30:00Z',
    '2026-10-25T02:30:00Z',
    [3, '2026-10-25T02:00:00.000Z'],
  ],
])('%s', (_, cron, zone, from, now, expected) => {
  expect(due(cron, zone, from, now)).toEqual(expected)
})

/** A schedule with a clock that the test sets, and what it told. */
function scheduled(
  trigger: Record<string, unknown>,
  { at, seen, changed }: { at: string; seen?: string; changed: string },
) {
  const heard = heardBus()
  const told: string[] = []
  const kept = new Map<RuleId, Date>()
  const rule: Rule = ruleWith({ kind: 'schedule', time_zone: 'UTC', ...trigger }, changed)
  if (seen !== undefined) kept.set(rule.id, new Date(seen))
  let now = new Date(at)
  const memory = {
    get: (id: RuleId) => kept.get(id) ?? null,
    set: async (id: RuleId, date: Date) => void kept.set(id, date),
  }
  const raise = ({ message }: { message: string }) => void told.push(message)
  const source = new ScheduleTrigger(
    rule,
    rule.trigger as TriggerOf<'schedule'>,
    { bus: heard.bus, memory, raise, now: () => now },
    () => {},
  )
  const goTo = (time: string): void => {
    now = new Date(time)
    source.look()
  }
  return { heard, told, source, goTo, remembered: () => kept.get(rule.id)?.toISOString() }
}

test('each time is told once, with the next one known', async () => {
  const { heard, source, goTo, remembered } = scheduled(
    { cron: '*/10 * * * *' },
    { at: '2026-11-22T10:05:00Z', changed: '2026-11-22T10:05:00Z' },
  )
  await using _source = source
  expect(source.nextDue).toBe('2026-11-22T10:10:00.000Z')
  goTo('2026-11-22T10:09:59Z')
  goTo('2026-11-22T10:10:00.020Z')
  goTo('2026-11-22T10:10:30Z')
  expect(await heard.next()).toMatchObject({
    name: 'schedule.due',
    payload: { due_at: '2026-11-22T10:10:00.000Z', missed: 0 },
  })
  goTo('2026-11-22T10:20:01Z')
  expect(await heard.next()).toMatchObject({ payload: { due_at: '2026-11-22T10:20:00.000Z', missed: 0 } })
  expect(heard.heard).toHaveLength(2)
  await source[Symbol.asyncDispose]()
  expect(remembered()).toBe('2026-11-22T10:20:01.000Z')
})

const off = { seen: '2026-11-20T17:00:00Z', at: '2026-11-23T08:30:00Z', changed: '2026-11-01T00:00:00Z' }

test('times that passed while the program was off are told and not made up for', async () => {
  const { heard, told, source, goTo } = scheduled({ cron: '0 * * * *' }, off)
  await using _source = source
  expect(told).toEqual(['63 times of watches passed while Signalbox was off or asleep. Nothing is made up for.'])
  goTo('2026-11-23T09:00:00Z')
  expect(await heard.next()).toMatchObject({ payload: { due_at: '2026-11-23T09:00:00.000Z', missed: 0 } })
  expect(heard.heard).toHaveLength(1)
})

test('or made up for by one run, never by a storm', async () => {
  const { heard, told, source } = scheduled({ cron: '0 * * * *', missed: 'once' }, off)
  await using _source = source
  expect(told).toEqual(['63 times of watches passed while Signalbox was off or asleep. It runs once for all of them.'])
  expect(await heard.next()).toMatchObject({ payload: { due_at: '2026-11-23T08:00:00.000Z', missed: 62 } })
  expect(heard.heard).toHaveLength(1)
})

test('a sleep is as good as being off, and a clock that is put back repeats nothing', async () => {
  const { heard, told, source, goTo } = scheduled(
    { cron: '0 * * * *' },
    { at: '2026-11-22T10:05:00Z', changed: '2026-11-22T10:05:00Z' },
  )
  await using _source = source
  goTo('2026-11-22T15:10:00Z')
  expect(told).toEqual(['5 times of watches passed while Signalbox was off or asleep. Nothing is made up for.'])
  goTo('2026-11-22T14:50:00Z')
  goTo('2026-11-22T15:00:00Z')
  expect(await heard.next()).toMatchObject({ payload: { due_at: '2026-11-22T15:00:00.000Z' } })
})

test('what passed before the rule was changed is none of its business', async () => {
  const { told, source } = scheduled({ cron: '0 * * * *' }, { ...off, changed: '2026-11-23T08:20:00Z' })
  await using _source = source
  expect(told).toEqual([])
})
