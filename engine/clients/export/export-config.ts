import { stringify } from 'yaml'
import type { ExportedConfig, ExportFormat } from '../../../shared/export-contract.ts'
import type { ServerId } from '../../../shared/ids.ts'
import type { ProgramId } from '../../../shared/import.ts'
import type { ServerSpec } from '../../config/server-spec.ts'
import { settingsKey } from '../../config/settings.ts'
import { topKeyOf } from '../connect/connect-places.ts'
import { renderTable } from '../connect/edit-toml.ts'
import { rows } from '../connect/edit-yaml.ts'
import type { Fields } from '../found-server.ts'
import { knownPrograms } from '../programs.ts'
import { exportEntry } from './export-entries.ts'
import { withoutSecrets } from './without-secrets.ts'

interface ExportOptions {
  readonly format: ExportFormat
  readonly program?: ProgramId | undefined
  readonly specs: readonly ServerSpec[]
  /** Base address of the HTTP face; null while there is none. */
  readonly url: string | null
}

/** The configured servers as a text for use elsewhere, without the value of any secret. Pure. */
export function exportConfig({ format, program, specs, url }: ExportOptions): ExportedConfig {
  return format === 'integrations' ? integrations(specs, url) : mcpServers(program ?? null, specs)
}

const fileNames: Readonly<Record<ProgramId, string>> = {
  'claude-desktop': 'claude_desktop_config.json',
  'claude-code': '.mcp.json',
  cursor: 'mcp.json',
  vscode: 'mcp.json',
  windsurf: 'mcp_config.json',
  zed: 'settings.json',
  cline: 'cline_mcp_settings.json',
  gemini: 'settings.json',
  codex: 'config.toml',
  goose: 'config.yaml',
  'lm-studio': 'mcp.json',
}

function mcpServers(program: ProgramId | null, specs: readonly ServerSpec[]): ExportedConfig {
  const placeholders: ExportedConfig['placeholders'] = []
  const notes: ExportedConfig['notes'] = []
  const entries: [ServerId, Fields][] = []
  for (const { id, entry: configured, problem } of specs) {
    const { [settingsKey]: _own, ...shared } = configured
    const { entry: bare, replaced } = withoutSecrets(shared, id)
    if (problem !== null) {
      notes.push({ server: id, text: `left out: ${problem.message}` })
      continue
    }
    const { entry, notes: lost } = exportEntry(program, id, bare)
    notes.push(...lost.map((text) => ({ server: id, text: entry === null ? `left out: ${text}` : text })))
    if (entry === null) continue
    placeholders.push(...replaced.map((one) => ({ server: id, ...one })))
    entries.push([id, entry])
  }
  const syntax = knownPrograms.find(({ id }) => id === program)?.syntax ?? 'jsonc'
  const key = program === null ? 'mcpServers' : topKeyOf(program)
  return {
    syntax: syntax === 'jsonc' ? 'json' : syntax,
    file_name: program === null ? 'mcp.json' : fileNames[program],
    text: render(syntax, key, entries),
    placeholders,
    notes,
  }
}

function render(syntax: 'jsonc' | 'toml' | 'yaml', key: string, entries: readonly [string, Fields][]): string {
  switch (syntax) {
    case 'jsonc':
      return `${JSON.stringify({ [key]: Object.fromEntries(entries) }, null, 2)}\n`
    case 'toml':
      return entries.map(([name, entry]) => renderTable([key, name], entry, '\n')).join('\n')
    case 'yaml':
      return `${[entries.length === 0 ? `${key}: {}` : `${key}:`, ...entries.flatMap(([name, entry]) => rows([name], entry, '  ', '  '))].join('\n')}\n`
    default:
      return syntax satisfies never
  }
}

/** Which servers, interfaces and stores there are, by name alone. */
function integrations(specs: readonly ServerSpec[], url: string | null): ExportedConfig {
  const apis = url === null ? [] : [{ rest: `${url}/api/v1` }, { websocket: `${url.replace(/^http/, 'ws')}/rpc` }]
  const text = stringify({
    integrations: {
      mcp_servers: specs.filter(({ problem }) => problem === null).map(({ id }) => id),
      apis,
      databases: [{ sqlite: 'primary' }, { sqlite: 'logs' }],
    },
  })
  return { syntax: 'yaml', file_name: 'integrations.yaml', text, placeholders: [], notes: [] }
}
