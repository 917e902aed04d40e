import { AppError } from '../../shared/app-error.ts'
import type { Candidate } from '../../shared/import.ts'
import type { TextProblem } from '../config/jsonc.ts'
import type { ServerSpec } from '../config/server-spec.ts'
import { decodeText, placeAndProblem, type TextSyntax } from './decode-text.ts'
import { readClaudeCode } from './formats/claude-code.ts'
import { readCodex } from './formats/codex.ts'
import { readGoose } from './formats/goose.ts'
import { namedEntries, readEntry } from './formats/mcp-servers.ts'
import { readVscode } from './formats/vscode.ts'
import { readZed } from './formats/zed.ts'
import { type Fields, type FileContext, type FoundServer, fieldsOf, isFields } from './found-server.ts'
import { isOwnGateway, usualPort } from './own-gateway.ts'
import { planCandidates } from './plan-candidates.ts'

type ReadOptions = Pick<FileContext, 'userHome' | 'platform'> & {
  /** Port of our own gateway, to know it in the text. */
  gatewayPort?: number
}

/**
 * Candidates in a text that somebody pasted or chose: any of the known programs' files, a map of names to entries, or
 * one bare entry. `name` is the file's name, if it has one. Throws AppError `unreadable_text` with line and column, and
 * `no_servers_found`.
 */
export function readCandidates(
  text: string,
  name: string | undefined,
  existing: readonly ServerSpec[],
  { userHome, platform, gatewayPort = usualPort }: ReadOptions,
): Candidate[] {
  const value = decodeAny(text, name)
  const found = findServers(value, { userHome, platform, projectDir: null }, name)
  if (found.length === 0) {
    throw new AppError('no_servers_found', 'No server stands in this text.', {
      hint: 'Paste an object with a command or a url, or a file with mcpServers.',
      status: 422,
    })
  }
  return planCandidates(
    found.map((server) => {
      const problem = isOwnGateway(server.entry, gatewayPort) ? 'this is the way to Signalbox itself' : server.problem
      return { server: { ...server, problem }, program: null, path: null }
    }),
    existing,
  )
}

function decodeAny(text: string, name: string | undefined): unknown {
  // Members copied out of a file, without the braces around them.
  if (/^\s*"[^"\r\n]*"\s*:/.test(text)) return decodeMembers(text)
  const syntaxes = syntaxesFor(text, name)
  const readings = syntaxes.map((syntax) => decodeText(text, syntax))
  const object = readings.find((reading) => reading.kind === 'value' && typeof reading.value === 'object')
  const likeliest = object ?? readings[0]!
  if (likeliest.kind === 'value') return likeliest.value
  throw unreadable(likeliest.problem)
}

function decodeMembers(text: string): unknown {
  const decoded = decodeText(`{${text}\n}`, 'jsonc')
  if (decoded.kind === 'value') return decoded.value
  const { message, line, column } = decoded.problem
  throw unreadable({ message, line, column: line === 1 ? column - 1 : column })
}

function unreadable(problem: TextProblem): AppError {
  return new AppError('unreadable_text', `The text cannot be read: ${placeAndProblem(problem)}.`, {
    hint: `Correct line ${problem.line}.`,
    status: 422,
    data: { line: problem.line, column: problem.column },
  })
}

/** The syntaxes worth trying, the likeliest first: its problem is the one that is told. */
function syntaxesFor(text: string, name: string | undefined): TextSyntax[] {
  const extension = /\.(\w+)$/.exec(name ?? '')?.[1]?.toLowerCase()
  if (extension === 'toml') return ['toml']
  if (extension === 'yaml' || extension === 'yml') return ['yaml']
  if (extension === 'json' || extension === 'jsonc') return ['jsonc']
  const isTable = /^\s*\[+[\w."' -]+\]+\s*(?:#.*)?$/m
  if (/^[\uFEFF\s]*(?:[{"]|\/[/*])/.test(text)) return ['jsonc']
  if (/^[\uFEFF\s]*\[/.test(text) && !isTable.test(text)) return ['jsonc']
  return isTable.test(text) || /^\s*[\w."-]+\s*=/m.test(text) ? ['toml', 'yaml'] : ['yaml', 'toml']
}

function findServers(value: unknown, context: FileContext, name: string | undefined): FoundServer[] {
  if (Array.isArray(value)) return bareEntries(namedEntries(value), context)
  const file = fieldsOf(value)
  if (isEntry(file)) return [readEntry(nameFor(file, name), asMcpEntry(file), context)]
  const formats = [
    ...(file.mcpServers !== undefined || file.projects !== undefined ? [readClaudeCode] : []),
    ...(isFields(file.servers) || isFields(fieldsOf(file.mcp).servers) ? [readVscode] : []),
    ...(file.context_servers !== undefined ? [readZed] : []),
    ...(file.mcp_servers !== undefined ? [readCodex] : []),
    ...(file.extensions !== undefined ? [readGoose] : []),
  ]
  if (formats.length > 0) return formats.flatMap((format) => format(file, context))
  return bareEntries(Object.entries(file), context)
}

function bareEntries(entries: readonly [string, unknown][], context: FileContext): FoundServer[] {
  return entries
    .filter(([, raw]) => isEntry(fieldsOf(raw)))
    .map(([id, raw]) => readEntry(id, asMcpEntry(fieldsOf(raw)), context))
}

const entryKeys = ['command', 'cmd', 'url', 'httpUrl', 'serverUrl', 'uri']

function isEntry(fields: Fields): boolean {
  return entryKeys.some((key) => typeof fields[key] === 'string')
}

/** Goose's words for the same things, where a single extension of it is pasted. */
function asMcpEntry(fields: Fields): Fields {
  const { cmd, envs, uri, ...rest } = fields
  return { ...rest, command: rest.command ?? cmd, env: rest.env ?? envs, url: rest.url ?? uri }
}

/** A name for an entry that has none: its file's, its package's, its program's or its host's. */
function nameFor(entry: Fields, fileName: string | undefined): string {
  if (typeof entry.name === 'string' && entry.name !== '') return entry.name
  const stem = fileName
    ?.split(/[\\/]/)
    .at(-1)
    ?.replace(/\.\w+$/, '')
  if (stem) return stem
  const { command, cmd, url, httpUrl, serverUrl, uri, args } = entry
  const address = url ?? httpUrl ?? serverUrl ?? uri
  if (typeof address === 'string') return URL.parse(address)?.hostname ?? 'server'
  const program = lastSegment(String(command ?? cmd))
  const operand = Array.isArray(args) ? args.find((arg) => typeof arg === 'string' && !arg.startsWith('-')) : undefined
  const isRunner = /^(?:npx|uvx|bunx|node|python3?|deno|bun)$/.test(program)
  return isRunner && operand ? lastSegment(operand.replace(/(?<=.)@[^@/]*$/, '')) : program
}

function lastSegment(path: string): string {
  return (
    path
      .split(/[\\/]/)
      .at(-1)!
      .replace(/\.(?:exe|cmd|bat|[cm]?js|ts|py)$/i, '') || 'server'
  )
}
