import type { ProgramId } from '../../../shared/import.ts'
import { type Fields, fieldsOf, stringsOf } from '../found-server.ts'

/** What one entry becomes in another program's file. */
export interface Exported {
  /** Null where that program cannot have it at all. */
  readonly entry: Fields | null
  /** Clauses on what is lost: `its folder is not carried over`. */
  readonly notes: readonly string[]
}

/** An entry of `mcpServers`, without our own settings, in the words of one program; null: in those of most. */
export function exportEntry(program: ProgramId | null, name: string, entry: Fields): Exported {
  const remote = typeof entry.url === 'string'
  const shape = program === null ? plain : shapes[program]
  return remote ? shape.remote(remoteOf(entry), name) : shape.local(localOf(entry), name)
}

interface Local {
  readonly command: unknown
  readonly args: readonly string[]
  readonly env: Fields
  readonly cwd: unknown
  readonly unknown: Fields
}

interface Remote {
  readonly type: 'http' | 'sse'
  readonly url: string
  readonly headers: Fields
  readonly unknown: Fields
}

interface Shape {
  readonly local: (server: Local, name: string) => Exported
  readonly remote: (server: Remote, name: string) => Exported
}

const noCwd = 'its folder is not carried over'
const foundOut = 'the program finds out itself that this is the older HTTP+SSE'
const noRemote: Exported = { entry: null, notes: ['this program has local servers only in its file'] }

/** What most programs read; fields that only some know stay, for the rest pass them over. */
const plain: Shape = {
  local: ({ command, args, env, cwd, unknown }) => ({
    entry: present({ command, args: args.length === 0 ? undefined : [...args], env: orAbsent(env), cwd, ...unknown }),
    notes: [],
  }),
  remote: ({ type, url, headers, unknown }) => ({
    entry: present({ type, url, headers: orAbsent(headers), ...unknown }),
    notes: [],
  }),
}

/** Remote servers by their address alone. */
function byUrl(key: 'url' | 'serverUrl'): Shape['remote'] {
  return ({ type, url, headers }) => ({
    entry: present({ [key]: url, headers: orAbsent(headers) }),
    notes: type === 'sse' ? [foundOut] : [],
  })
}

/** Local servers in the plain words, with each variable in the program's own. */
function words(change: (name: string) => string, remote: Shape['remote'], local: Shape['local'] = plain.local): Shape {
  const renamed = <T extends Exported>(exported: T): Exported => ({
    ...exported,
    entry: exported.entry && fieldsOf(renameVariables(exported.entry, change)),
  })
  return {
    local: (server, name) => renamed(local(server, name)),
    remote: (server, name) => renamed(remote(server, name)),
  }
}

const braces = (name: string) => `\${${name}}`
const ofEnvironment = (name: string) => `\${env:${name}}`
/** Where nothing is expanded a person must put the value in: the mark cannot be taken for one. */
const toFillIn = (name: string) => `<${name}>`

const shapes: Readonly<Record<ProgramId, Shape>> = {
  'claude-desktop': words(toFillIn, () => noRemote),
  'claude-code': words(braces, plain.remote, (server, name) => {
    const { entry, notes } = withoutCwd(server, name)
    return { entry: { type: 'stdio', ...entry }, notes }
  }),
  cursor: words(ofEnvironment, byUrl('url'), withoutCwd),
  vscode: words(ofEnvironment, plain.remote, (server, name) => {
    const { entry, notes } = plain.local(server, name)
    return { entry: { type: 'stdio', ...entry }, notes }
  }),
  windsurf: words(ofEnvironment, byUrl('serverUrl'), withoutCwd),
  zed: words(toFillIn, byUrl('url'), (server, name) => {
    const { entry, notes } = withoutCwd({ ...server, unknown: {} }, name)
    return { entry: { enabled: true, env: {}, ...entry }, notes }
  }),
  cline: words(
    toFillIn,
    ({ type, url, headers }) => ({
      entry: present({ type: type === 'http' ? 'streamableHttp' : 'sse', url, headers: orAbsent(headers) }),
      notes: [],
    }),
    withoutCwd,
  ),
  gemini: words(braces, ({ type, url, headers }) => ({
    entry: present({ [type === 'http' ? 'httpUrl' : 'url']: url, headers: orAbsent(headers) }),
    notes: [],
  })),
  codex: { local: codexLocal, remote: codexRemote },
  goose: words(
    toFillIn,
    ({ type, url, headers }, name) => ({
      entry: present({
        enabled: true,
        type: type === 'http' ? 'streamable_http' : 'sse',
        name,
        uri: url,
        headers: orAbsent(headers),
        timeout: 300,
      }),
      notes: [],
    }),
    ({ command, args, env, cwd }, name) => {
      // Goose keeps the values of such names in its own keyring, and asks for them.
      const { own, passed } = passedOn(env)
      return {
        entry: present({
          enabled: true,
          type: 'stdio',
          name,
          cmd: command,
          args: [...args],
          envs: own,
          env_keys: passed.length > 0 ? passed : undefined,
          timeout: 300,
        }),
        notes: cwd === undefined ? [] : [noCwd],
      }
    },
  ),
  'lm-studio': words(toFillIn, byUrl('url'), withoutCwd),
}

function withoutCwd(server: Local, name: string): Exported {
  const { entry } = plain.local({ ...server, cwd: undefined }, name)
  return { entry, notes: server.cwd === undefined ? [] : [noCwd] }
}

/** Codex expands nothing and refuses fields that it does not know. */
function codexLocal({ command, args, env, cwd }: Local): Exported {
  const { own, passed } = passedOn(env)
  const entry = present({
    command,
    args: args.map((arg) => String(renameVariables(arg, toFillIn))),
    cwd,
    env: orAbsent(own),
    env_vars: passed.length > 0 ? passed : undefined,
  })
  return { entry, notes: [] }
}

function codexRemote({ type, url, headers }: Remote): Exported {
  if (type === 'sse') return { entry: null, notes: ['Codex does not reach servers over the older HTTP+SSE'] }
  const [own, fromEnvironment] = splitVariables(headers)
  const bearer = /^Bearer \$\{(\w+)\}$/.exec(String(fromEnvironment.Authorization ?? ''))?.[1]
  const rest = Object.entries(fromEnvironment).filter(([name]) => bearer === undefined || name !== 'Authorization')
  const named = rest.map(([name, value]) => [name, /^\$\{(\w+)\}$/.exec(String(value))?.[1] ?? null] as const)
  const mixed = rest.filter((_, index) => named[index]![1] === null)
  const entry = present({
    url: String(renameVariables(url, toFillIn)),
    bearer_token_env_var: bearer,
    http_headers: orAbsent({
      ...own,
      ...Object.fromEntries(mixed.map(([name, value]) => [name, renameVariables(value, toFillIn)])),
    }),
    env_http_headers: orAbsent(Object.fromEntries(named.filter(([, variable]) => variable !== null))),
  })
  return { entry, notes: [] }
}

/** Variables that are passed on under their own names, and all others with their values. */
function passedOn(env: Fields): { own: Fields; passed: string[] } {
  const isPassed = ([name, value]: [string, unknown]) => value === braces(name)
  const others = Object.entries(env).filter((entry) => !isPassed(entry))
  return {
    own: Object.fromEntries(others.map(([name, value]) => [name, renameVariables(value, toFillIn)])),
    passed: Object.entries(env)
      .filter(isPassed)
      .map(([name]) => name),
  }
}

/** Members that hold no variable, and those that do. */
function splitVariables(fields: Fields): [plain: Fields, variable: Fields] {
  const isVariable = ([, value]: [string, unknown]) => typeof value === 'string' && value.includes('${')
  const entries = Object.entries(fields)
  return [
    Object.fromEntries(entries.filter((entry) => !isVariable(entry))),
    Object.fromEntries(entries.filter(isVariable)),
  ]
}

function localOf({ command, args, env, cwd, type: _type, ...unknown }: Fields): Local {
  return { command, args: stringsOf(args), env: fieldsOf(env), cwd, unknown: unknown as Fields }
}

function remoteOf({ type, url, headers, ...unknown }: Fields): Remote {
  return {
    type: type === 'sse' ? 'sse' : 'http',
    url: String(url),
    headers: fieldsOf(headers),
    unknown: unknown as Fields,
  }
}

/** `${NAME:-default}` is the default where the program has no such form. */
function renameVariables(value: unknown, change: (name: string) => string): unknown {
  if (typeof value === 'string') {
    return value.replace(/\$\{([A-Za-z_]\w*)(?::-([^}]*))?\}/g, (written, name: string, fallback?: string) => {
      if (fallback === undefined) return change(name)
      return change === braces ? written : fallback
    })
  }
  if (Array.isArray(value)) return value.map((item) => renameVariables(item, change))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, renameVariables(member, change)]))
}

function present(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined && value !== null))
}

function orAbsent(fields: Fields): Fields | undefined {
  return Object.keys(fields).length === 0 ? undefined : fields
}
