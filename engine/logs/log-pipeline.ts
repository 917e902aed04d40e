import type { LogFilter } from '../../shared/contract.ts'
import type { RunId, ServerId } from '../../shared/ids.ts'
import type { LogBatch, LogLevel, LogStream } from '../../shared/log.ts'

/** What a source hands in; the pipeline numbers it, times it and guesses the level where none is given. */
export interface NewLogLine {
  server: ServerId
  run_id: RunId | null
  stream: LogStream
  text: string
  /** Left out: guessed from the text. */
  level?: LogLevel
}

/** From every source to the store and to whoever watches. `write` never blocks and never throws. */
export interface LogPipeline extends AsyncDisposable {
  write(line: NewLogLine): void
  /** The last lines of one server that are still in memory, oldest first. */
  recent(server: ServerId, count: number): string[]
  /** Live batches; with `after`, first what came since that `seq`. Ends when the signal fires. */
  tail(
    filter: Pick<LogFilter, 'server' | 'level' | 'stream' | 'q'> & { after?: number },
    signal: AbortSignal,
  ): AsyncGenerator<LogBatch, void>
  /** Resolves when all that was written so far is in the store. */
  flush(): Promise<void>
}
