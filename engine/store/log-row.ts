import type { RunId, ServerId } from '../../shared/ids.ts'
import { type LogLine, logLevels } from '../../shared/log.ts'
import type { LogLineTable } from './schema.ts'

export function lineOfRow(row: LogLineTable): LogLine {
  return {
    seq: row.seq,
    at: new Date(row.at_ms).toISOString(),
    server: row.server as ServerId,
    run_id: row.run_id as RunId | null,
    stream: row.stream,
    level: logLevels[row.level]!,
    level_guessed: row.level_guessed === 1,
    text: row.text,
  }
}
