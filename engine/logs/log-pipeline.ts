import type { Readable } from 'node:stream'
import type { LogFilter } from '../../shared/contract.ts'
import type { RunId, ServerId } from '../../shared/ids.ts'
import type { LogBatch, LogLevel, LogStream } from '../../shared/log.ts'

/** What the lines of one origin have in common. */
export interface LogOrigin {
  server: ServerId
  run_id: RunId | null
  stream: LogStream
}

/** What a source hands in; the pipeline numbers it, times it and guesses the level where none is given. */
export interface NewLogLine extends LogOrigin {
  text: string
  /** Left out: guessed from the text. */
  level?: LogLevel
}

/** From every source to the store and to whoever watches. `write` never blocks and never throws. */
export interface LogPipeline extends AsyncDisposable {
  write(line: NewLogLine): void
  /**
   * Takes all lines of a pipe, to its end. The pipe is paused while the log is behind, and after a while read on
   * without being kept. Its chunks belong to the pipeline: who listens too must have listened before.
   */
  read(origin: LogOrigin, pipe: Readable): void
  /** Live batches; with `after`, first what came since that `seq`. Ends when the signal fires. */
  tail(
    filter: Pick<LogFilter, 'server' | 'level' | 'stream' | 'q'> & { after?: number },
    signal: AbortSignal,
  ): AsyncGenerator<LogBatch, void>
  /** While held no line goes to the store: each is shown, lost and counted. */
  hold(isHeld: boolean): void
  /** Whether pipes are paused for as long as the log is behind, so that no line is left out; from their next pause on. */
  keepEvery(isWanted: boolean): void
  /** Resolves when all that was written so far is in the store. */
  flush(): Promise<void>
}
