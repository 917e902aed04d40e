// What the tests of the store and of the log share: real databases in a temporary folder, and rows to put into them.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type RunId, type ServerId, type TaskId, uuidV7 } from '../../shared/ids.ts'
import type { TaskEvent } from '../../shared/task.ts'
import type { NewTaskRow } from './store.ts'

const built = process.env.SIGNALBOX_TEST_PROGRAM

/** As one program where a run of tests has built it, else from its sources. */
export const storeWorker =
  built === undefined ? fileURLToPath(new URL('./store-worker.ts', import.meta.url)) : join(built, 'store-worker.mjs')

/** A folder that is gone when the scope ends. */
export function temporaryHome(): Disposable & { path: string; file: (name: string) => string } {
  const path = mkdtempSync(join(tmpdir(), 'signalbox-store-'))
  return {
    path,
    file: (name) => join(path, name),
    [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }),
  }
}

export const serverId = (id: string): ServerId => id as ServerId
export const newTaskId = (): TaskId => uuidV7() as TaskId
export const newRunId = (): RunId => uuidV7() as RunId

export function newTask(facts: Partial<NewTaskRow> = {}): NewTaskRow {
  return {
    task_id: newTaskId(),
    agent: serverId('notes'),
    action: 'write_note',
    origin: 'page',
    parent_id: null,
    rerun_of: null,
    created_at: '2026-11-22T14:07:15.501Z',
    timeout_ms: 60_000,
    parameters: { title: 'Milk', tags: ['shop'] },
    ...facts,
  }
}

export function statusEvent(
  task_id: TaskId,
  number: number,
  status: string,
  at = '2026-11-22T14:07:15.501Z',
): TaskEvent {
  return { id: uuidV7(), task_id, number, at, offset_ms: number * 1.5, kind: 'status', data: { status } }
}
