import { settingsSchema } from '../../config/settings.ts'
import {
  type Fields,
  type FileContext,
  type FileFormat,
  type FoundServer,
  fieldsOf,
  isFields,
} from '../found-server.ts'
import { carryVariables } from '../variables.ts'

/** Claude Desktop, Claude Code, Cursor, Windsurf, Cline, LM Studio and most others: a map under `mcpServers`. */
export const readMcpServers: FileFormat = (file, context) =>
  namedEntries(fieldsOf(file).mcpServers).map(([name, raw]) => readEntry(name, raw, context))

/** The members of a map, or of a list whose items carry their `name`. */
export function namedEntries(servers: unknown): [string, unknown][] {
  if (Array.isArray(servers)) {
    return servers.map((raw, index) => {
      const { name } = fieldsOf(raw)
      return [typeof name === 'string' ? name : `server-${index + 1}`, raw]
    })
  }
  return Object.entries(fieldsOf(servers))
}

const transportNames: Record<string, string> = {
  http: 'http',
  'streamable-http': 'http',
  streamableHttp: 'http',
  streamable_http: 'http',
  sse: 'sse',
}

/** What the members of one entry mean, in the words that programs share. `urlMeans`: of a `url` without a `type`. */
export function readEntry(name: string, raw: unknown, context: FileContext, urlMeans = 'http'): FoundServer {
  if (!isFields(raw)) {
    return { name, entry: {}, wasEnabled: true, notes: [], problem: 'the entry is not an object', hasImpliedCwd: false }
  }
  const type = raw.type ?? raw.transport ?? raw.transportType
  const url = raw.httpUrl ?? raw.serverUrl ?? raw.url
  const transport = typeof type === 'string' && Object.hasOwn(transportNames, type) ? transportNames[type] : type
  const isRemote = transport === 'http' || transport === 'sse' || (url !== undefined && raw.command === undefined)
  const written = isRemote
    ? {
        type: transport ?? (raw.httpUrl === undefined && raw.serverUrl === undefined ? urlMeans : 'http'),
        url,
        headers: raw.headers,
      }
    : {
        // The rest of us leave it out for a local server: only a type that is wrong is worth showing.
        type: transport === 'stdio' ? undefined : transport,
        command: raw.command,
        args: raw.args,
        env: raw.env,
        cwd: raw.cwd,
        // Both a command and a URL, without a type that says which: the reader of the entry will say so.
        url,
      }
  const hasImpliedCwd = !isRemote && written.cwd === undefined && context.projectDir !== null
  const { value, notes, problem } = carryVariables(written, context)
  const entry = withoutAbsent({ ...fieldsOf(value), ...(hasImpliedCwd ? { cwd: context.projectDir } : {}) })
  return {
    name,
    entry,
    wasEnabled: raw.disabled !== true && raw.enabled !== false,
    notes: [...notes, ...lossesOf(raw)],
    problem,
    hasImpliedCwd,
  }
}

/** Sets our own settings in an entry from another program's limits, where these are sensible. */
export function withLimits(
  server: FoundServer,
  limits: { timeoutMs?: unknown; startTimeoutMs?: unknown },
): FoundServer {
  const settings = withoutAbsent({
    timeout_ms: accepted('timeout_ms', limits.timeoutMs),
    start_timeout_ms: accepted('start_timeout_ms', limits.startTimeoutMs),
  })
  if (Object.keys(settings).length === 0) return server
  return { ...server, entry: { ...server.entry, signalbox: settings } }
}

/** Milliseconds from a field in seconds; anything but a number passes through, to be refused later. */
export function secondsToMs(value: unknown): unknown {
  return typeof value === 'number' ? Math.round(value * 1000) : value
}

function accepted(setting: 'timeout_ms' | 'start_timeout_ms', value: unknown): unknown {
  return settingsSchema.safeParse({ [setting]: value }).success ? value : undefined
}

function lossesOf(raw: Fields): string[] {
  const notes: string[] = []
  if (typeof raw.envFile === 'string') notes.push(`its env file ${raw.envFile} is not read here`)
  if (raw.auth !== undefined || raw.oauth !== undefined) notes.push('its sign-in is not carried over')
  const filters = [
    'includeTools',
    'excludeTools',
    'enabled_tools',
    'disabled_tools',
    'available_tools',
    'disabledTools',
  ]
  if (filters.some((key) => Array.isArray(raw[key]) && raw[key].length > 0)) {
    notes.push('its choice of tools is not carried over')
  }
  return notes
}

function withoutAbsent(fields: Fields): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined && value !== null))
}
