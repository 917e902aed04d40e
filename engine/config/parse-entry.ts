import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { Failure } from '../../shared/app-error.ts'
import type { ServerId } from '../../shared/ids.ts'
import type { TransportKind } from '../../shared/server.ts'
import type { LaunchSpec, RemoteSpec, ServerSettings, ServerSpec } from './server-spec.ts'
import { defaultStartTimeoutMs, settingsKey, settingsOf, settingsSchema } from './settings.ts'

/**
 * One entry of `mcpServers` as a ServerSpec. Never throws: what is wrong with the entry stands in `problem`, with a
 * code and a message that names the server and the field. Variables are left as they stand.
 */
export function parseEntry(id: ServerId, number: number, value: unknown): ServerSpec {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return broken(id, number, {}, 'stdio', 'invalid_entry', 'the entry must be an object')
  }
  const entry = value as Record<string, unknown>
  const kind = transportOf(entry)
  if (kind.problem) return broken(id, number, entry, kind.transport, kind.code, kind.problem)

  const settings = settingsSchema.safeParse(entry[settingsKey] ?? {})
  if (!settings.success) {
    return broken(id, number, entry, kind.transport, 'invalid_setting', firstIssue(settings.error, settingsKey))
  }
  if (kind.transport === 'stdio') {
    const launch = launchSchema.safeParse(entry)
    if (!launch.success) return broken(id, number, entry, 'stdio', 'invalid_entry', firstIssue(launch.error))
    const { command, args } = launch.data
    const own = settingsOf(settings.data, defaultStartTimeoutMs(command, args))
    return spec(id, number, entry, 'stdio', launch.data, null, own, null)
  }
  const remote = remoteSchema.safeParse({ url: urlOf(entry), headers: entry.headers, oauth: entry.oauth })
  if (!remote.success) return broken(id, number, entry, kind.transport, 'invalid_entry', firstIssue(remote.error))
  const { oauth, ...where } = remote.data
  const known = { ...where, ...(oauth !== undefined && { oauth }) }
  return spec(id, number, entry, kind.transport, null, known, settingsOf(settings.data, 30_000), null)
}

const noNul = (text: string) => !text.includes('\0')
const text = z.string().refine(noNul, 'must not hold a NUL character')
const scalar = z.union([text, z.number(), z.boolean()], { error: 'must be a string' }).transform(String)

const launchSchema = z.object({
  command: text.refine((command) => command.trim() !== '', 'must not be empty'),
  args: z.array(scalar).default([]),
  env: z.record(z.string().regex(/^[^=\0]+$/), scalar).default({}),
  cwd: text.nullable().default(null),
})

const headerName = /^[\w!#$%&'*+.^`|~-]+$/
const headerValue = scalar.refine((value) => !/[\r\n]/.test(value), 'must be one line')

/** As the files of other programs spell it: VS Code and Gemini `clientId`, Codex `client_id`. */
const oauthSchema = z
  .looseObject({
    clientId: text.optional(),
    client_id: text.optional(),
    clientSecret: text.optional(),
    client_secret: text.optional(),
    scopes: z.array(text).optional(),
    scope: text.optional(),
  })
  .transform((written) => ({
    clientId: written.clientId ?? written.client_id ?? null,
    clientSecret: written.clientSecret ?? written.client_secret ?? null,
    scope: written.scope ?? written.scopes?.join(' ') ?? null,
  }))

const remoteSchema = z.object({
  url: text.refine(isUsableUrl, 'must be an http or https URL'),
  headers: z.record(z.string().regex(headerName), headerValue).default({}),
  // Not our key: what we cannot read in it is nobody's mistake, and no reason to refuse the server.
  oauth: oauthSchema.optional().catch(undefined),
})

/** A URL with variables in it can only be checked once they are expanded. */
function isUsableUrl(url: string): boolean {
  if (url.includes('${')) return true
  const parsed = URL.parse(url)
  return parsed?.protocol === 'http:' || parsed?.protocol === 'https:'
}

const types: Record<string, TransportKind> = {
  stdio: 'stdio',
  http: 'http',
  'streamable-http': 'http',
  streamableHttp: 'http',
  streamable_http: 'http',
  sse: 'sse',
}

type Kind = { transport: TransportKind; problem: null } | { transport: TransportKind; problem: string; code: string }

function transportOf(entry: Record<string, unknown>): Kind {
  const { type, command } = entry
  const hasUrl = urlOf(entry) !== undefined
  const guess = command === undefined && hasUrl ? 'http' : 'stdio'
  if (type !== undefined) {
    const transport = typeof type === 'string' && Object.hasOwn(types, type) ? types[type] : undefined
    if (!transport) {
      const known = 'stdio, http, streamable-http or sse'
      return { transport: guess, problem: `type must be ${known}`, code: 'unknown_transport' }
    }
    if (transport === 'stdio' && command === undefined) {
      return { transport, problem: 'command is missing', code: 'command_missing' }
    }
    if (transport !== 'stdio' && !hasUrl) return { transport, problem: 'url is missing', code: 'url_missing' }
    return { transport, problem: null }
  }
  if (command !== undefined && hasUrl) {
    const problem = 'both command and url stand there: say which with type'
    return { transport: 'stdio', problem, code: 'ambiguous_transport' }
  }
  if (command === undefined && !hasUrl) {
    const problem = 'command is missing (or url, for a remote server)'
    return { transport: 'stdio', problem, code: 'command_missing' }
  }
  return { transport: guess, problem: null }
}

function urlOf(entry: Record<string, unknown>): unknown {
  return entry.url ?? entry.httpUrl ?? entry.serverUrl
}

/** `args[2] must be a string`: the field first, as it stands in the file, then what is expected of it. */
function firstIssue(error: z.ZodError, under = ''): string {
  const issue = error.issues[0]!
  const field = issue.path.reduce<string>(
    (path, key) => (typeof key === 'number' ? `${path}[${key}]` : path === '' ? String(key) : `${path}.${String(key)}`),
    under,
  )
  switch (issue.code) {
    case 'invalid_type':
    case 'invalid_union':
      return issue.code === 'invalid_type' ? `${field} must be ${article(issue.expected)}` : `${field} must be a string`
    case 'invalid_value':
      return `${field} must be ${issue.values.join(', ')}`
    case 'invalid_key':
      return `${field} is not a name that can stand there`
    case 'unrecognized_keys':
      return `${field}.${issue.keys[0]} is not a setting`
    case 'too_small':
      return `${field} must be at least ${issue.minimum}`
    case 'too_big':
      return `${field} must be at most ${issue.maximum}`
    default:
      return `${field} ${issue.message}`
  }
}

function article(expected: string): string {
  if (expected === 'record' || expected === 'object') return 'an object'
  if (expected === 'array') return 'a list'
  if (expected === 'int' || expected === 'number') return 'a whole number'
  return expected === 'boolean' ? 'true or false' : `a ${expected}`
}

function broken(
  id: ServerId,
  number: number,
  entry: Record<string, unknown>,
  transport: TransportKind,
  code: string,
  problem: string,
): ServerSpec {
  const failure = { code, message: `${id}: ${problem}.`, hint: `Correct the entry "${id}" in mcp.json.` }
  return spec(id, number, entry, transport, null, null, settingsOf({}, 30_000), failure)
}

function spec(
  id: ServerId,
  number: number,
  entry: Record<string, unknown>,
  transport: TransportKind,
  launch: LaunchSpec | null,
  remote: RemoteSpec | null,
  settings: ServerSettings,
  problem: Failure | null,
): ServerSpec {
  // The era and the message limit belong to a connection: they take effect with the next one only.
  const { era, maxMessageBytes } = settings
  const hash = problem
    ? digest([transport, problem])
    : digest([
        transport,
        launch && { ...launch, env: sorted(launch.env) },
        remote && { ...remote, headers: sorted(remote.headers) },
        era,
        maxMessageBytes,
      ])
  return { id, number, transport, launch, remote, settings, entry, hash, problem }
}

/** The order of variables and headers means nothing to a server. */
function sorted(record: Readonly<Record<string, string>>): [string, string][] {
  return Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1))
}

function digest(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex')
}
