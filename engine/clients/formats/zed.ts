import { type FileFormat, fieldsOf, isFields } from '../found-server.ts'
import { namedEntries, readEntry } from './mcp-servers.ts'

/** Zed: `context_servers`; in older files `command` is an object of `path`, `args` and `env`. */
export const readZed: FileFormat = (file, context) =>
  namedEntries(fieldsOf(file).context_servers).map(([name, raw]) => {
    const fields = fieldsOf(raw)
    if (isFields(fields.command)) {
      const { path, args, env } = fields.command
      return readEntry(name, { ...fields, command: path, args, env }, context)
    }
    const server = readEntry(name, raw, context)
    const isExtension = isFields(raw) && fields.command === undefined && fields.url === undefined
    return isExtension ? { ...server, problem: 'its command is part of a Zed extension, not of the file' } : server
  })
