import { type Fields, type FileFormat, fieldsOf } from '../found-server.ts'
import { namedEntries, readEntry, secondsToMs, withLimits } from './mcp-servers.ts'

/** Codex (TOML): names of variables stand in fields of their own, limits are in seconds. */
export const readCodex: FileFormat = (file, context) =>
  namedEntries(fieldsOf(file).mcp_servers).map(([name, raw]) => {
    const fields = fieldsOf(raw)
    const server = readEntry(name, { ...fields, env: envOf(fields), headers: headersOf(fields) }, context)
    return withLimits(server, {
      timeoutMs: secondsToMs(fields.tool_timeout_sec),
      startTimeoutMs: fields.startup_timeout_ms ?? secondsToMs(fields.startup_timeout_sec),
    })
  })

/** `env_vars` names what is passed on from the surroundings: plain names, or tables with a `name`. */
function envOf({ env, env_vars }: Fields): Fields | undefined {
  const passed = (Array.isArray(env_vars) ? env_vars : [])
    .map((item: unknown) => (typeof item === 'string' ? item : fieldsOf(item).name))
    .filter((name) => typeof name === 'string')
    .map((name) => [name, `\${${name}}`])
  return orAbsent({ ...Object.fromEntries(passed), ...fieldsOf(env) })
}

function headersOf({ http_headers, env_http_headers, bearer_token_env_var }: Fields): Fields | undefined {
  const fromEnv = Object.entries(fieldsOf(env_http_headers)).map(([header, name]) => [header, `\${${String(name)}}`])
  const bearer = typeof bearer_token_env_var === 'string' ? { Authorization: `Bearer \${${bearer_token_env_var}}` } : {}
  return orAbsent({ ...fieldsOf(http_headers), ...Object.fromEntries(fromEnv), ...bearer })
}

function orAbsent(fields: Fields): Fields | undefined {
  return Object.keys(fields).length === 0 ? undefined : fields
}
