import type { Banner } from '../../shared/snapshot.ts'
import type { DatabaseKind } from './open-database.ts'
import type { ConsentRepo, LogStore, ServerRepo, SettingsRepo, TaskRepo } from './store.ts'

/** What the main thread and the worker of one database say to each other. */
export interface WorkerInput {
  file: string
  kind: DatabaseKind
}

export type Request = { id: number; repo: string; method: string; args: unknown[] } | 'close'

export interface SentError {
  code: string
  message: string
  hint: string | null
  status: number
  data: Record<string, unknown>
}

export type Response =
  | { kind: 'opened'; banner: Banner | null }
  | { kind: 'not_opened'; error: SentError }
  | { kind: 'done'; id: number; value: unknown }
  | { kind: 'failed'; id: number; error: SentError }

export type LogRepo = Omit<LogStore, keyof AsyncDisposable>

type Access<Repo> = Readonly<Record<keyof Repo, 'read' | 'write'>>

/** Which calls write: those are committed together, and refused where the file is open for reading only. */
export const taskAccess: Access<TaskRepo> = {
  insert: 'write',
  update: 'write',
  addEvents: 'write',
  get: 'read',
  list: 'read',
  facets: 'read',
  events: 'read',
  count: 'read',
  interruptOpen: 'write',
  day: 'read',
}

export const serverAccess: Access<ServerRepo> = {
  memories: 'read',
  setWish: 'write',
  setLastCall: 'write',
  setLastError: 'write',
  cache: 'read',
  setCache: 'write',
  insertRun: 'write',
  updateRun: 'write',
  runs: 'read',
  closeOpenRuns: 'write',
}

export const settingsAccess: Access<SettingsRepo> = { get: 'read', set: 'write' }

export const consentAccess: Access<ConsentRepo> = { all: 'read', set: 'write' }

export const logAccess: Access<LogRepo> = {
  append: 'write',
  list: 'read',
  following: 'read',
  overview: 'read',
  lastSeq: 'read',
}
