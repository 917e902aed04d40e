import { expect, test } from 'vitest'
import { AppError } from '../../shared/app-error.ts'
import type { ServerId, TaskId } from '../../shared/ids.ts'
import { Masker } from '../secrets/masker.ts'
import { openStore } from '../store/open-store.ts'
import type { Store, TaskRepo } from '../store/store.ts'
import { newTaskId, storeWorker, temporaryHome } from '../store/test-store.ts'
import { TaskRunner } from './task-runner.ts'

const work = { agent: 'rule:greet' as ServerId, action: 'run', parameters: {}, timeoutMs: 60_000 }

/** A runner over a real store, for work of our own: no server is asked. */
function runnerOver(store: Store, insert: TaskRepo['insert']): TaskRunner {
  const nobody = {} as never
  const tasks = new Proxy(store.tasks, {
    get: (repo, key: keyof TaskRepo) => (key === 'insert' ? insert : repo[key]),
  })
  const unused = { calls: nobody, supervisor: nobody, gate: nobody, tracing: nobody }
  return new TaskRunner({ ...unused, tasks, masker: new Masker(), onChange() {} })
}

async function statusesOf(runner: TaskRunner, id: TaskId): Promise<unknown[]> {
  const seen: unknown[] = []
  for await (const { events } of runner.follow(id, 0, new AbortController().signal)) {
    seen.push(...events.map(({ data }) => data.status))
  }
  return seen
}

test('a task that stands on record before its own runner knows so is followed to its end', async () => {
  using home = temporaryHome()
  const { store } = await openStore({ file: home.file('signalbox.db'), worker: storeWorker })
  await using _ = store
  const recorded = Promise.withResolvers<void>()
  const known = Promise.withResolvers<void>()
  await using runner = runnerOver(store, async (row, events) => {
    await store.tasks.insert(row, events)
    recorded.resolve()
    await known.promise
  })
  const id = newTaskId()
  const opening = runner.open(work, { origin: 'rule:greet', task_id: id })
  await recorded.promise
  expect(await store.tasks.get(id)).toMatchObject({ status: 'queued' })
  const told = statusesOf(runner, id)
  known.resolve()
  const task = await opening
  await task.run()
  await task.finish({ status: 'completed', result: {} })
  expect(await told).toEqual(['queued', 'running', 'completed'])
})

test('whoever asks for a task in the moment of its beginning is told of its end', async () => {
  using home = temporaryHome()
  const { store } = await openStore({ file: home.file('signalbox.db'), worker: storeWorker })
  await using _ = store
  const id = newTaskId()
  const asked = Promise.withResolvers<void>()
  await using runner = runnerOver(store, (row, events) => store.tasks.insert(row, events))
  // The look at the live tasks comes before it begins, the look at the store after.
  const get = runner.get.bind(runner)
  runner.get = async (taskId) => {
    await asked.promise
    return get(taskId)
  }
  const told = statusesOf(runner, id)
  const task = await runner.open(work, { origin: 'rule:greet', task_id: id })
  asked.resolve()
  await task.run()
  await task.finish({ status: 'completed', result: {} })
  expect(await told).toEqual(['queued', 'running', 'completed'])
})

test('one that cannot be recorded never was, for who follows it, too', async () => {
  using home = temporaryHome()
  const { store } = await openStore({ file: home.file('signalbox.db'), worker: storeWorker })
  await using _ = store
  const full = Promise.withResolvers<void>()
  await using runner = runnerOver(store, () => full.promise)
  const id = newTaskId()
  const opening = runner.open(work, { origin: 'rule:greet', task_id: id })
  const told = statusesOf(runner, id)
  full.reject(new AppError('disk_full', 'There is no room'))
  await expect(opening).rejects.toMatchObject({ code: 'disk_full' })
  await expect(told).rejects.toMatchObject({ code: 'unknown_task' })
})
