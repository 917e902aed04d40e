import { type FileFormat, fieldsOf, stringsOf } from '../found-server.ts'
import { namedEntries, readEntry, withLimits } from './mcp-servers.ts'

/**
 * Gemini CLI: `url` means the old HTTP+SSE and `httpUrl` Streamable HTTP; `$VAR` is a variable as `${VAR}` is;
 * `timeout` is in milliseconds; servers are switched off by the lists `mcp.allowed` and `mcp.excluded`.
 */
export const readGemini: FileFormat = (file, context) => {
  const { mcpServers, mcp } = fieldsOf(file)
  const excluded = new Set(stringsOf(fieldsOf(mcp).excluded))
  const allowed = stringsOf(fieldsOf(mcp).allowed)
  return namedEntries(mcpServers).map(([name, raw]) => {
    const server = readEntry(name, withBraces(raw), context, 'sse')
    const isOn = !excluded.has(name) && (allowed.length === 0 || allowed.includes(name))
    return {
      ...withLimits(server, { timeoutMs: fieldsOf(raw).timeout }),
      wasEnabled: server.wasEnabled && isOn,
    }
  })
}

function withBraces(value: unknown): unknown {
  if (typeof value === 'string') return value.replace(/\$([A-Za-z_]\w*)/g, '${$1}')
  if (Array.isArray(value)) return value.map(withBraces)
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, withBraces(member)]))
  }
  return value
}
