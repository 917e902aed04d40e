import type { ConnectMode, ConnectScope } from '../../../shared/connect-contract.ts'
import type { ProgramId } from '../../../shared/import.ts'
import type { Fields } from '../found-server.ts'
import type { Launcher } from './launcher.ts'

/** How a program names one server in its file, and what it needs to see a change. */
export interface ProgramEntries {
  readonly stdio: (command: string, args: readonly string[]) => Fields
  /** Null where its file holds local servers only. */
  readonly http: HttpStyle | null
  /** What makes it read its file anew, to the person. */
  readonly restart: string
  readonly note: string | null
}

interface HttpStyle {
  readonly entry: (url: string, bearer: Bearer) => Fields
  /** How the file names a value that stands elsewhere; null where it can only hold the token itself. */
  readonly reference: ((variable: string) => string) | null
}

/** A token of the person's choice, or the program's own words for one that is not in the file. */
export type Bearer = { kind: 'literal'; token: string } | { kind: 'reference'; variable: string; text: string }

/** Set by the person where a program reads the token from its surroundings. */
export const tokenVariable = 'SIGNALBOX_TOKEN'

const plainStdio = (command: string, args: readonly string[]): Fields => ({ command, args: [...args] })
const typedStdio = (command: string, args: readonly string[]): Fields => ({
  type: 'stdio',
  ...plainStdio(command, args),
})
const bearerText = (bearer: Bearer): string => `Bearer ${bearer.kind === 'literal' ? bearer.token : bearer.text}`
const headers = (bearer: Bearer): Fields => ({ Authorization: bearerText(bearer) })

/** VS Code asks the person once and keeps the answer in the system's key store. */
export const vscodeInput: Fields = {
  type: 'promptString',
  id: 'signalbox-token',
  description: 'Token of this client in Signalbox',
  password: true,
}

export const programEntries: Readonly<Record<ProgramId, ProgramEntries>> = {
  'claude-desktop': {
    stdio: plainStdio,
    http: null,
    restart: 'Quit Claude Desktop, its icon in the tray or menu bar included, and open it again.',
    note: 'Claude Desktop passes over the whole file, without a word, when it is not strict JSON.',
  },
  'claude-code': {
    stdio: typedStdio,
    http: {
      entry: (url, bearer) => ({ type: 'http', url, headers: headers(bearer) }),
      reference: (variable) => `\${${variable}}`,
    },
    restart: 'Start a new session of Claude Code; /mcp shows what it reached.',
    note: 'Claude Code asks once before it trusts a server of a project file.',
  },
  cursor: {
    stdio: plainStdio,
    http: {
      entry: (url, bearer) => ({ url, headers: headers(bearer) }),
      reference: (variable) => `\${env:${variable}}`,
    },
    restart: 'Cursor sees the change by itself; if not, switch signalbox off and on under Settings, MCP.',
    note: null,
  },
  vscode: {
    stdio: typedStdio,
    http: {
      entry: (url, bearer) => ({ type: 'http', url, headers: headers(bearer) }),
      reference: () => `\${input:${String(vscodeInput.id)}}`,
    },
    restart: 'Run "MCP: List Servers" in VS Code, choose signalbox and start it.',
    note: null,
  },
  windsurf: {
    stdio: plainStdio,
    http: {
      entry: (url, bearer) => ({ serverUrl: url, headers: headers(bearer) }),
      reference: (variable) => `\${env:${variable}}`,
    },
    restart: 'Press Refresh in the MCP panel of Windsurf, or open it anew.',
    note: null,
  },
  zed: {
    stdio: (command, args) => ({ enabled: true, ...plainStdio(command, args), env: {} }),
    http: { entry: (url, bearer) => ({ url, headers: headers(bearer) }), reference: null },
    restart: 'Zed sees the change by itself; its agent panel shows a green dot.',
    note: 'Zed uses tools and prompts, not resources.',
  },
  cline: {
    stdio: plainStdio,
    http: { entry: (url, bearer) => ({ type: 'streamableHttp', url, headers: headers(bearer) }), reference: null },
    restart: 'Cline sees the change by itself; if not, press Restart beside signalbox under MCP Servers.',
    note: null,
  },
  gemini: {
    stdio: plainStdio,
    http: { entry: (url, bearer) => ({ httpUrl: url, headers: headers(bearer) }), reference: null },
    restart: 'Start Gemini CLI anew; /mcp shows what it reached.',
    note: 'Gemini CLI cuts names of tools to 63 characters.',
  },
  codex: {
    stdio: plainStdio,
    http: {
      entry: (url, bearer) =>
        bearer.kind === 'reference'
          ? { url, bearer_token_env_var: bearer.variable }
          : { url, http_headers: headers(bearer) },
      reference: (variable) => variable,
    },
    restart: 'Start Codex anew.',
    note: 'Codex reads the file of a project only where the project is trusted.',
  },
  goose: {
    stdio: (command, args) => ({
      enabled: true,
      type: 'stdio',
      name: 'signalbox',
      cmd: command,
      args: [...args],
      envs: {},
      timeout: 300,
    }),
    http: {
      entry: (url, bearer) => ({
        enabled: true,
        type: 'streamable_http',
        name: 'signalbox',
        uri: url,
        headers: headers(bearer),
        timeout: 300,
      }),
      reference: null,
    },
    restart: 'Start a new session of Goose.',
    note: null,
  },
  'lm-studio': {
    stdio: plainStdio,
    http: { entry: (url, bearer) => ({ url, headers: headers(bearer) }), reference: null },
    restart: 'LM Studio sees the change by itself; switch mcp/signalbox on in the chat.',
    note: null,
  },
}

export interface EntryOptions {
  readonly mode: ConnectMode
  readonly scope: ConnectScope
  readonly launcher: Launcher
  /** Of the gateway, with its path. */
  readonly url: string | null
  readonly token: string | undefined
}

export interface WrittenEntry {
  readonly entry: Fields
  /** An item for the list of inputs of VS Code. */
  readonly input: Fields | null
}

/** Our entry in a program's own words; null where this mode cannot be written. */
export function entryFor(program: ProgramId, options: EntryOptions): WrittenEntry | null {
  const { stdio, http } = programEntries[program]
  const { mode, scope, launcher, url, token } = options
  if (mode === 'stdio') {
    const args = [...launcher.args, 'connect', '--client', program, ...launcher.homeArgs]
    return { entry: forScope(stdio(launcher.command, args), scope), input: null }
  }
  if (http === null || url === null) return null
  if (token !== undefined) return { entry: forScope(http.entry(url, { kind: 'literal', token }), scope), input: null }
  const reference = referenceOf(program, scope)
  if (reference === null) return null
  const bearer: Bearer = { kind: 'reference', variable: tokenVariable, text: reference }
  return { entry: http.entry(url, bearer), input: asksForInput(program, scope) ? vscodeInput : null }
}

/** Copilot CLI wants to be told which tools of a server it may use. */
function forScope(entry: Fields, scope: ConnectScope): Fields {
  return scope === 'copilot' ? { ...entry, tools: ['*'] } : entry
}

/** How the file would name the token without holding it; null where it cannot. */
export function referenceOf(program: ProgramId, scope: ConnectScope): string | null {
  // The portable file is read by programs that know no inputs.
  if (isPortable(scope)) return null
  return programEntries[program].http?.reference?.(tokenVariable) ?? null
}

/** Whether the program itself asks the person for the token. */
export function asksForInput(program: ProgramId, scope: ConnectScope): boolean {
  return program === 'vscode' && !isPortable(scope)
}

function isPortable(scope: ConnectScope): boolean {
  return scope === 'copilot' || scope === 'copilot_project'
}

/** The mode and whether a secret stands in an entry, from what it looks like. */
export function modeOf(entry: Fields): ConnectMode {
  const command = entry.command ?? entry.cmd
  return command === undefined ? 'http' : 'stdio'
}
