import { type FileFormat, fieldsOf, stringsOf } from '../found-server.ts'
import { namedEntries, readEntry, secondsToMs, withLimits } from './mcp-servers.ts'

const serverTypes = new Set<unknown>(['stdio', 'sse', 'streamable_http'])

/**
 * Goose (YAML): `cmd`, `envs`, `uri`; the values of `env_keys` lie in its keyring. Extensions that are a part of
 * Goose itself are not servers and are left out.
 */
export const readGoose: FileFormat = (file, context) =>
  namedEntries(fieldsOf(file).extensions)
    .filter(([, raw]) => serverTypes.has(fieldsOf(raw).type))
    .map(([name, raw]) => {
      const { type, cmd, args, envs, env_keys, uri, headers, enabled, timeout, cwd, available_tools } = fieldsOf(raw)
      const secret = stringsOf(env_keys).filter((key) => !Object.hasOwn(fieldsOf(envs), key))
      const env = { ...Object.fromEntries(secret.map((key) => [key, `\${${key}}`])), ...fieldsOf(envs) }
      const isRemote = type !== 'stdio'
      const shared = isRemote
        ? { type, url: uri, headers, enabled, available_tools }
        : { command: cmd, args, env: Object.keys(env).length > 0 ? env : undefined, cwd, enabled, available_tools }
      const server = withLimits(readEntry(name, shared, context), { timeoutMs: secondsToMs(timeout) })
      if (secret.length === 0) return server
      const note = `${secret.join(', ')} ${secret.length === 1 ? 'lies' : 'lie'} in Goose's keyring, not in the file`
      return { ...server, notes: [...server.notes, note] }
    })
