import type { LogFilter } from '../../shared/contract.ts'
import type { LogBatch } from '../../shared/log.ts'
import type { LogOrigin, NewLogLine } from './log-pipeline.ts'

export type TailFilter = Pick<LogFilter, 'server' | 'level' | 'stream' | 'q'>

/** What the main thread tells the log's thread. In the order in which it is said, and not answered one by one. */
export type IntakeMessage =
  /** Before any line that could hold them. */
  | { kind: 'secrets'; values: string[] }
  | { kind: 'open'; source: number; origin: LogOrigin }
  /** `at_ms`: when it came. */
  | { kind: 'chunk'; source: number; at_ms: number; bytes: Uint8Array }
  /** Between the chunk before and the next one so many lines were left out, the last part of an open one included. */
  | { kind: 'gap'; source: number; at_ms: number; lines: number }
  | { kind: 'end'; source: number; at_ms: number }
  | { kind: 'lines'; at_ms: number; lines: NewLogLine[] }
  | { kind: 'lost'; at_ms: number; lost: Pick<LostLines, 'server' | 'lines'>[] }
  | { kind: 'tail'; tail: number; filter: TailFilter & { after?: number } }
  | { kind: 'leave'; tail: number }
  | { kind: 'hold'; isHeld: boolean }

interface LostLines {
  server: LogOrigin['server']
  lines: number
}

/** What the log's thread says without being asked. */
export type IntakeNews =
  /** So many bytes of chunks and lines were taken in since the last time. */
  | { kind: 'taken'; bytes: number }
  /** The store refused lines, for the first time since it last took some. */
  | { kind: 'refused'; error: { code: string; message: string; hint: string | null } }
  | { kind: 'recovered' }

/** Said by the main thread's end itself, once: nothing is taken in any more. */
export interface IntakeDeath {
  kind: 'died'
  error: unknown
}

/** What came of one server since the start. */
export interface LogTotals {
  server: LogOrigin['server']
  lines: number
  dropped: number
  /** Characters, without the ends of lines. */
  bytes: number
}

/** Calls that are answered. */
export interface IntakeRepo {
  /** At most 200 lines, once some came; null after the tail was left. One call at a time. */
  nextBatch(tail: number): Promise<LogBatch | null>
  /** Resolves when all that was told so far is stored, or lost and counted. */
  flush(): Promise<void>
  totals(): Promise<LogTotals[]>
}
