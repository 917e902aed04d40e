import { type FileFormat, fieldsOf } from '../found-server.ts'
import { namedEntries, readEntry } from './mcp-servers.ts'

/** VS Code: `servers`, in old settings files under `mcp`; Copilot CLI's portable file has `mcpServers`. */
export const readVscode: FileFormat = (file, context) => {
  const { servers, mcp, mcpServers } = fieldsOf(file)
  return namedEntries(servers ?? fieldsOf(mcp).servers ?? mcpServers).map(([name, raw]) => {
    const server = readEntry(name, raw, context)
    const { url } = server.entry
    const isSocket = typeof url === 'string' && /^(?:unix|pipe):/.test(url)
    return isSocket ? { ...server, problem: 'it listens on a socket file, which is not supported here' } : server
  })
}
