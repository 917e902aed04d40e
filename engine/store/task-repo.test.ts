import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { TaskFilter } from '../../shared/contract.ts'
import type { Banner } from '../../shared/snapshot.ts'
import { isFinished, type Task, type TaskStatus, taskStatuses } from '../../shared/task.ts'
import { openStore } from './open-store.ts'
import type { Store } from './store.ts'
import { newTask, newTaskId, serverId, statusEvent, storeWorker, temporaryHome } from './test-store.ts'
import { textMatcher } from './text-matcher.ts'

async function withStore(use: (store: Store) => Promise<void>): Promise<void> {
  using home = temporaryHome()
  const { store } = await openStore({ file: home.file('signalbox.db'), worker: storeWorker })
  await using _ = store
  await use(store)
}

test('a task goes from queued to completed with its whole time line', () =>
  withStore(async ({ tasks }) => {
    const row = newTask()
    const id = row.task_id
    await tasks.insert(row, [statusEvent(id, 1, 'queued')])
    await tasks.update(id, { status: 'running', started_at: '2026-11-22T14:07:15.600Z', sent: true }, [])
    await tasks.update(id, { progress: { progress: 1, total: 2, message: null } }, [statusEvent(id, 2, 'running')])
    const result = { content: [{ type: 'text', text: 'written' }] }
    const end = { status: 'completed', finished_at: '2026-11-22T14:07:16.501Z', duration_ms: 1000.25, result } as const
    await tasks.update(id, end, [statusEvent(id, 3, 'completed')])

    const expected: Task = {
      ...row,
      status: 'completed',
      run_id: null,
      started_at: '2026-11-22T14:07:15.600Z',
      finished_at: '2026-11-22T14:07:16.501Z',
      duration_ms: 1000.25,
      progress: { progress: 1, total: 2, message: null },
      error_code: null,
      result,
      sent: true,
    }
    expect(await tasks.get(id)).toEqual(expected)
    expect((await tasks.events(id, 1)).map((event) => event.number)).toEqual([2, 3])
  }))

test('a result of null is a result, a task without one has none', () =>
  withStore(async ({ tasks }) => {
    const row = newTask()
    await tasks.insert(row, [])
    expect(await tasks.get(row.task_id)).not.toHaveProperty('result')
    await tasks.update(row.task_id, { result: null }, [])
    expect(await tasks.get(row.task_id)).toHaveProperty('result', null)
  }))

test('a record that the tables refuse takes none of its neighbours with it, is kept and is told', async () => {
  using home = temporaryHome()
  const banners: unknown[] = []
  const onBanner = (banner: Banner | null): void => void banners.push(banner?.code)
  const { store } = await openStore({ file: home.file('signalbox.db'), worker: storeWorker, onBanner })
  await using _ = store
  const [first, second] = [newTask(), newTask()]
  const doubled = [statusEvent(first.task_id, 1, 'queued'), statusEvent(first.task_id, 1, 'queued')]
  await Promise.all([store.tasks.insert(first, doubled), store.tasks.insert(second, [])])
  await store.tasks.update(newTaskId(), { sent: true }, [])
  expect(await store.tasks.get(first.task_id)).toBeNull()
  expect(await store.tasks.get(second.task_id)).not.toBeNull()
  expect(await store.tasks.count()).toBe(1)
  const kept = readFileSync(home.file('journal/refused.ndjson'), 'utf8').trim().split('\n')
  expect(kept.map((line) => JSON.parse(line).code)).toEqual(['store_failed', 'unknown_task'])
  expect(banners).toContain('journal_incomplete')
})

test('a finished task no longer changes', () =>
  withStore(async ({ tasks }) => {
    const row = newTask()
    await tasks.insert(row, [])
    await tasks.update(row.task_id, { status: 'completed' }, [])
    await tasks.update(row.task_id, { status: 'running' }, [])
    expect((await tasks.get(row.task_id))?.status).toBe('completed')
  }))

test('open tasks of an app that died become interrupted, and say whether the call had left', () =>
  withStore(async ({ tasks }) => {
    const [waiting, sent, done] = [newTask(), newTask(), newTask()]
    await tasks.insert(waiting, [statusEvent(waiting.task_id, 1, 'queued')])
    await tasks.insert(sent, [statusEvent(sent.task_id, 1, 'queued'), statusEvent(sent.task_id, 2, 'running')])
    await tasks.update(sent.task_id, { status: 'input_required', sent: true }, [])
    await tasks.insert(done, [])
    await tasks.update(done.task_id, { status: 'completed' }, [])

    expect(await tasks.interruptOpen('2026-11-22T15:00:00.000Z')).toBe(2)
    expect(await tasks.interruptOpen('2026-11-22T15:00:01.000Z')).toBe(0)
    const about = async (id: Task['task_id']) => {
      const task = (await tasks.get(id))!
      return { status: task.status, finished_at: task.finished_at, code: task.error_code, details: task.error?.details }
    }
    const interrupted = { status: 'interrupted', finished_at: '2026-11-22T15:00:00.000Z', code: 'interrupted' }
    expect(await about(waiting.task_id)).toEqual({ ...interrupted, details: { sent: false } })
    expect(await about(sent.task_id)).toEqual({ ...interrupted, details: { sent: true } })
    expect((await tasks.events(sent.task_id)).at(-1)).toMatchObject({ number: 3, data: { status: 'interrupted' } })
    expect((await tasks.facets({})).status).toEqual([
      { value: 'interrupted', count: 2 },
      { value: 'completed', count: 1 },
    ])
  }))

test('the tasks that ended since a moment come in the order of their end, of too many the last', () =>
  withStore(async ({ tasks }) => {
    const at = (minute: number): string => `2026-11-22T15:${String(minute).padStart(2, '0')}:00.000Z`
    const rows = Array.from({ length: 5 }, () => newTask())
    for (const row of rows) await tasks.insert(row, [])
    // Begun in one order, ended in another.
    for (const [minute, place] of [3, 0, 4, 1].entries()) {
      await tasks.update(rows[place]!.task_id, { status: 'completed', finished_at: at(minute + 1) }, [])
    }
    await tasks.interruptOpen(at(5))
    const since = async (from: string, most = 10) =>
      (await tasks.endedSince(from, most)).map(({ task_id, status }) => [
        rows.findIndex((row) => row.task_id === task_id),
        status,
      ])
    expect(await since(at(2))).toEqual([
      [0, 'completed'],
      [4, 'completed'],
      [1, 'completed'],
      [2, 'interrupted'],
    ])
    expect(await since(at(0), 2)).toEqual([
      [1, 'completed'],
      [2, 'interrupted'],
    ])
    expect(await since(at(6))).toEqual([])
    // More than are looked at together.
    for (let count = 0; count < 450; count++) {
      const row = newTask()
      await tasks.insert(row, [])
      await tasks.update(row.task_id, { status: 'completed', finished_at: at(10) }, [])
    }
    expect(await tasks.endedSince(at(5), 1_000)).toHaveLength(451)
  }))

test('work of a rule that was cut short says what it was in the middle of, not that a server never saw it', () =>
  withStore(async ({ tasks }) => {
    const own = { agent: serverId('rule:greet'), origin: 'rule:greet' }
    const [run, asked, sent] = ['run', 'approval', 'http'].map((action) => newTask({ ...own, action }))
    for (const row of [run!, asked!, sent!]) await tasks.insert(row, [])
    await tasks.interruptOpen('2026-11-22T15:00:00.000Z')
    const about = async (id: Task['task_id']) => (await tasks.get(id))!.error?.message
    expect(await about(run!.task_id)).toMatch(/this run of rule:greet was under way/)
    expect(await about(asked!.task_id)).toMatch(/waited for an answer of a person: nobody gave one/)
    expect(await about(sent!.task_id)).toMatch(/the http step of rule:greet was at work/)
  }))

test('the figures of the day follow the tasks that finish', () =>
  withStore(async ({ tasks }) => {
    const now = '2026-11-22T14:30:00.000Z'
    const finish = async (created_at: string, status: TaskStatus, duration_ms: number): Promise<void> => {
      const row = newTask({ created_at })
      await tasks.insert(row, [])
      await tasks.update(row.task_id, { status, duration_ms }, [])
    }
    await finish('2026-11-21T14:59:59.999Z', 'completed', 9_000)
    await finish('2026-11-21T15:00:00.000Z', 'failed', 40)
    for (let ms = 1; ms <= 20; ms++) await finish('2026-11-22T14:10:00.000Z', 'completed', ms)
    await tasks.insert(newTask({ created_at: '2026-11-22T14:29:00.000Z' }), [])

    const day = await tasks.day(now)
    expect(day.hours).toHaveLength(24)
    expect(day).toMatchObject({ calls: 21, failed: 1, p50_ms: 11, p95_ms: 20 })
    expect(day.hours[0]).toEqual({ at: '2026-11-21T15:00:00.000Z', calls: 1, failed: 1, p50_ms: 40, p95_ms: 40 })
    expect(day.hours[1]).toEqual({ at: '2026-11-21T16:00:00.000Z', calls: 0, failed: 0, p50_ms: null, p95_ms: null })
    expect(day.hours[23]).toEqual({ at: '2026-11-22T14:00:00.000Z', calls: 20, failed: 0, p50_ms: 10, p95_ms: 19 })

    await finish('2026-11-22T14:20:00.000Z', 'timed_out', 60_000)
    expect(await tasks.day(now)).toMatchObject({ calls: 22, failed: 2 })
    expect(await tasks.day('2026-11-22T15:00:00.000Z')).toMatchObject({ calls: 21, failed: 1 })
  }))

const agents = ['notes', 'files', 'größe 100%'].map(serverId)
const actions = ['read', 'write_note', 'Ärger']
const origins = ['page', 'api']
const words = ['milk', 'a"quote', 'back\\slash', '50%', 'ÄRGER', 'K']
const minutes = (minute: number): string => new Date(Date.UTC(2026, 10, 22, 10, minute)).toISOString()

const facts = fc.record({
  agent: fc.constantFrom(...agents),
  action: fc.constantFrom(...actions),
  origin: fc.constantFrom(...origins),
  status: fc.constantFrom(...taskStatuses),
  word: fc.constantFrom(...words),
  place: fc.constantFrom('parameters', 'result', 'error'),
})
const some = <T>(values: readonly T[]) => fc.uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength: 3 })
const filters: fc.Arbitrary<TaskFilter> = fc.record(
  {
    status: some(taskStatuses),
    agent: some(agents),
    action: some(actions),
    origin: some(origins),
    since: fc.integer({ min: 0, max: 30 }).map(minutes),
    until: fc.integer({ min: 0, max: 30 }).map(minutes),
    q: fc.constantFrom(...words, 'MILK', 'ärger', 'k', '_', 'write', '"'),
  },
  { requiredKeys: [] },
)

/** What the contract says, in plain words, over a plain list. */
function passes(task: Task, filter: TaskFilter, without?: keyof TaskFilter): boolean {
  const oneOf = (key: 'status' | 'agent' | 'action' | 'origin'): boolean =>
    key === without || !filter[key] || (filter[key] as string[]).includes(task[key])
  const matches = textMatcher(filter.q ?? '')
  const texts = [task.parameters, task.result, task.error].map((body) => JSON.stringify(body) ?? '')
  return (
    (['status', 'agent', 'action', 'origin'] as const).every(oneOf) &&
    (filter.since === undefined || task.created_at >= filter.since) &&
    (filter.until === undefined || task.created_at < filter.until) &&
    (filter.q === undefined || matches(task.action) || texts.some(textMatcher(JSON.stringify(filter.q).slice(1, -1))))
  )
}

function counts(tasks: Task[], key: 'status' | 'agent' | 'action' | 'origin') {
  const groups = Object.groupBy(tasks, (task) => task[key])
  const entries = Object.entries(groups).map(([value, group]) => ({ value, count: group!.length }))
  return entries.sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1))
}

test('lists and facets say what a plain loop over all tasks says', () =>
  withStore(async ({ tasks }) => {
    const all: Task[] = []
    const samples = fc.sample(facts, { numRuns: 30, seed: 20261122 })
    for (const [index, { agent, action, origin, status, word, place }] of samples.entries()) {
      const row = newTask({ agent, action, origin, created_at: minutes(index) })
      if (place === 'parameters') row.parameters = { text: word }
      await tasks.insert(row, [])
      await tasks.update(
        row.task_id,
        {
          status,
          ...(isFinished(status) ? { duration_ms: index } : {}),
          ...(place === 'result' ? { result: { text: word } } : {}),
          ...(place === 'error' ? { error: { code: 'tool_error', message: word, hint: null } } : {}),
        },
        [],
      )
      all.unshift((await tasks.get(row.task_id))!)
    }

    await fc.assert(
      fc.asyncProperty(filters, fc.integer({ min: 1, max: 12 }), async (filter, limit) => {
        const expected = all.filter((task) => passes(task, filter))
        const listed: string[] = []
        let page = await tasks.list({ ...filter, limit })
        for (;;) {
          listed.push(...page.items.map((task) => task.task_id))
          if (page.next_before === null) break
          expect(page.items).toHaveLength(limit)
          page = await tasks.list({ ...filter, limit, before: page.next_before })
        }
        expect(listed).toEqual(expected.map((task) => task.task_id))

        const facet = (key: 'status' | 'agent' | 'action' | 'origin') =>
          counts(
            all.filter((task) => passes(task, filter, key)),
            key,
          )
        expect(await tasks.facets(filter)).toEqual({
          total: expected.length,
          status: facet('status'),
          agent: facet('agent'),
          action: facet('action'),
          origin: facet('origin'),
        })
      }),
      { numRuns: 150 },
    )
  }))

test('a long list keeps its order, whichever way it is read', { timeout: 60_000 }, () =>
  withStore(async ({ tasks }) => {
    // More than a list sorts in passing, so that it walks the newest tasks instead.
    const rows = Array.from({ length: 5_200 }, (_, index) =>
      newTask({ agent: agents[index % 3]!, origin: origins[index % 2]!, created_at: minutes(index) }),
    )
    await Promise.all(rows.map((row) => tasks.insert(row, [])))
    const newestFirst = rows.toReversed()
    const firstOf = (keep: (row: (typeof rows)[number]) => boolean): string[] =>
      newestFirst
        .filter(keep)
        .slice(0, 50)
        .map((row) => row.task_id)
    const listed = async (filter: TaskFilter): Promise<string[]> =>
      (await tasks.list({ ...filter, limit: 50 })).items.map((task) => task.task_id)

    expect(await listed({ origin: origins })).toEqual(firstOf(() => true))
    expect(await listed({ since: minutes(10) })).toEqual(firstOf((row) => row.created_at >= minutes(10)))
    expect(await listed({ until: minutes(5_150) })).toEqual(firstOf((row) => row.created_at < minutes(5_150)))
    const two = [agents[0]!, agents[2]!]
    expect(await listed({ agent: two, origin: ['api'] })).toEqual(
      firstOf((row) => two.includes(row.agent) && row.origin === 'api'),
    )
  }),
)

test('a `before` that no page gave is refused', () =>
  withStore(async ({ tasks, servers }) => {
    for (const before of ['', 'x', '%%%', 'bm90IGFuIGlk']) {
      const refusal = { code: 'invalid_before', status: 400 }
      await expect(tasks.list({ limit: 10, before })).rejects.toMatchObject(refusal)
      await expect(servers.runs(serverId('notes'), { limit: 10, before })).rejects.toMatchObject(refusal)
    }
  }))
