import { type FileFormat, fieldsOf } from '../found-server.ts'
import { namedEntries, readEntry, secondsToMs, withLimits } from './mcp-servers.ts'

/** Cline: `mcpServers` with a `timeout` in seconds. */
export const readCline: FileFormat = (file, context) =>
  namedEntries(fieldsOf(file).mcpServers).map(([name, raw]) =>
    withLimits(readEntry(name, raw, context), { timeoutMs: secondsToMs(fieldsOf(raw).timeout) }),
  )
