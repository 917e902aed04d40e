import { setImmediate } from 'node:timers/promises'
import { implement } from '@orpc/server'
import { AppError } from '../../shared/app-error.ts'
import { contract } from '../../shared/contract.ts'
import type { ServerId, TaskId } from '../../shared/ids.ts'
import { uuidV7 } from '../../shared/ids.ts'
import type { Server } from '../../shared/server.ts'
import type { Task, TaskEvent } from '../../shared/task.ts'
import { testServer } from '../../shared/test-snapshot.ts'
import type { CallContext } from '../router.ts'
import type { ApiRouter } from './api-router.ts'

const at = '2026-11-22T14:00:00.000Z'

export const knownServers = ['echo', 'a/b', 'with space', 'größe 雪']
export const finishedTask = uuidV7() as TaskId
export const bigText = 'x'.repeat(1024 * 1024)

export const taskEvents: TaskEvent[] = [1, 2, 3].map((number) => ({
  id: uuidV7(),
  task_id: finishedTask,
  number,
  at,
  offset_ms: number,
  kind: 'status',
  data: { status: number === 3 ? 'completed' : 'running' },
}))

export interface TestRouter {
  readonly router: ApiRouter
  /** Origins of all calls of `tasks.create` and `servers.list` so far. */
  readonly origins: string[]
  /** Seconds that `servers.start` was asked to wait, call by call. */
  readonly waits: number[]
}

/** A router of the contract without an engine: enough real answers to test what carries them. */
export function createTestRouter(): TestRouter {
  const origins: string[] = []
  const waits: number[] = []
  const os = implement(contract).$context<CallContext>()
  const some = {
    app: {
      events: os.app.events.handler(async function* ({ input }) {
        const epoch = input.epoch ?? uuidV7()
        yield { kind: 'changes' as const, epoch, seq: (input.after ?? 0) + 1, events: [] }
      }),
      attention: os.app.attention.handler(() => {
        throw new TypeError('the secret inside')
      }),
    },
    servers: {
      list: os.servers.list.handler(({ context }) => {
        origins.push(context.origin)
        return { items: knownServers.map((id) => server(id)), next_before: null }
      }),
      get: os.servers.get.handler(({ input }) => known(input.id)),
      start: os.servers.start.handler(({ input }) => {
        waits.push(input.wait_s)
        return known(input.id)
      }),
      saveConfig: os.servers.saveConfig.handler(({ input }) => ({
        ...server(input.id),
        reason: JSON.stringify(input.entry),
      })),
    },
    tasks: {
      create: os.tasks.create.handler(({ input, context }) => {
        known(input.agent)
        origins.push(context.origin)
        return { task_id: finishedTask, status: 'queued' as const }
      }),
      list: os.tasks.list.handler(({ input }) => ({ items: [], next_before: JSON.stringify(input) })),
      get: os.tasks.get.handler(({ input }) => {
        if (input.task_id !== finishedTask) throw unknown('task', input.task_id)
        return task()
      }),
      events: os.tasks.events.handler(() => ({ items: taskEvents })),
      follow: os.tasks.follow.handler(async function* ({ input }) {
        yield { events: taskEvents.filter(({ number }) => number > input.after).slice(0, 1), task: running() }
        yield { events: taskEvents.filter(({ number }) => number > input.after).slice(1), task: task() }
      }),
    },
    logs: {
      list: os.logs.list.handler(() => ({ items: [], next_before: null })),
      tail: os.logs.tail.handler(async function* ({ input, signal }) {
        for (let seq = (input.after ?? 0) + 1; !signal?.aborted; seq++) {
          // A source of real lines waits for them; without a wait this one would starve all else.
          await setImmediate()
          yield { lines: [line(seq, textOf(input))], dropped: 0, lost: 0 }
        }
      }),
    },
  }
  // The rest of the contract is not called in these tests.
  return { router: some as unknown as ApiRouter, origins, waits }

  function known(id: ServerId): Server {
    if (!knownServers.includes(id)) throw unknown('server', id)
    return server(id)
  }
}

function unknown(kind: 'server' | 'task', id: string): AppError {
  return new AppError(`unknown_${kind}`, `There is no ${kind} "${id}".`, {
    status: 404,
    hint: `List the ${kind}s.`,
    data: { id },
  })
}

function textOf({ q, server }: { q?: string | undefined; server?: string[] | undefined }): string {
  if (q === 'big') return bigText
  return server?.includes('a/b') ? 'x'.repeat(16 * 1024) : 'a line'
}

function line(seq: number, text: string) {
  return {
    seq,
    at,
    server: 'echo' as ServerId,
    run_id: null,
    stream: 'stderr' as const,
    level: 'info' as const,
    level_guessed: true,
    text,
  }
}

function running(): Task {
  return { ...task(), status: 'running', finished_at: null }
}

function task(): Task {
  return {
    task_id: finishedTask,
    status: 'completed',
    agent: 'echo' as ServerId,
    action: 'say',
    origin: 'api',
    parent_id: null,
    rerun_of: null,
    run_id: null,
    created_at: at,
    started_at: at,
    finished_at: at,
    duration_ms: 3,
    progress: null,
    error_code: null,
    parameters: {},
    result: { content: [] },
    timeout_ms: 60_000,
    sent: true,
  }
}

function server(id: string): Server {
  return testServer(id, { since: at })
}
