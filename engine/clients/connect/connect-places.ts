import type { ConnectScope } from '../../../shared/connect-contract.ts'
import type { ProgramId } from '../../../shared/import.ts'
import { type KnownProgram, knownPrograms, type Machine, pathOf } from '../programs.ts'

/** A place where a program reads servers. */
export interface PlacePlan {
  readonly program: KnownProgram
  readonly scope: ConnectScope
  /** The project's folder, or that of a profile; null for a person's own file. */
  readonly folder: string | null
  /** In their order: the first that exists is read. One segment may hold `*`. */
  readonly paths: readonly string[]
  /** Keys from the root of the file to the map that holds the entries. */
  readonly key: readonly string[]
}

/** Top key of each program's own file. */
const topKeys: Readonly<Record<ProgramId, string>> = {
  'claude-desktop': 'mcpServers',
  'claude-code': 'mcpServers',
  cursor: 'mcpServers',
  vscode: 'servers',
  windsurf: 'mcpServers',
  zed: 'context_servers',
  cline: 'mcpServers',
  gemini: 'mcpServers',
  codex: 'mcp_servers',
  goose: 'extensions',
  'lm-studio': 'mcpServers',
}

/** The file that VS Code and Copilot CLI share in a project. */
const portableFile = '.mcp.json'

/** Places of a person's own; a profile's path still holds its `*`. */
export function userPlaces(program: KnownProgram, machine: Machine): PlacePlan[] {
  return program.userFiles(machine).map(({ scope, paths }) => ({
    program,
    scope,
    folder: null,
    paths,
    key: [scope === 'copilot' ? 'mcpServers' : topKeys[program.id]],
  }))
}

/** Places of one project; its folder is absolute. */
export function projectPlaces(program: KnownProgram, machine: Machine, folder: string): PlacePlan[] {
  const { join } = pathOf(machine.platform)
  const key = topKeys[program.id]
  const places: PlacePlan[] = []
  if (program.projectFile) {
    places.push({ program, scope: 'project', folder, paths: [join(folder, ...program.projectFile)], key: [key] })
  }
  if (program.id === 'vscode') {
    places.push({ program, scope: 'copilot_project', folder, paths: [join(folder, portableFile)], key: ['mcpServers'] })
  }
  if (program.id === 'claude-code') {
    const own = userPlaces(program, machine)[0]!
    places.push({ ...own, scope: 'local', folder, key: ['projects', folder, key] })
  }
  return places
}

export function topKeyOf(program: ProgramId): string {
  return topKeys[program]
}

export function knownProgram(id: ProgramId): KnownProgram {
  return knownPrograms.find((program) => program.id === id)!
}

/** The folder whose presence shows that a program is there, even before it made its file. */
export function signOf({ program, scope }: PlacePlan, path: string, machine: Machine): string {
  const { dirname, basename, join } = pathOf(machine.platform)
  const above = (levels: number) => Array.from({ length: levels }).reduce<string>((folder) => dirname(folder), path)
  if (program.id === 'claude-code') return join(dirname(path), '.claude')
  // The store's package lies four folders above its file.
  if (program.id === 'claude-desktop' && /^Claude_/.test(basename(above(5)))) return above(5)
  if (program.id === 'cline') return above(scope === 'cli' ? 3 : 2)
  return dirname(path)
}

/** `Your own file`, `For the project app`. */
export function labelOf(
  { program, scope, folder }: Pick<PlacePlan, 'program' | 'scope' | 'folder'>,
  platform: NodeJS.Platform,
): string {
  const name = folder === null ? '' : pathOf(platform).basename(folder)
  switch (scope) {
    case 'user':
      return 'Your own file'
    case 'insiders':
      return 'VS Code Insiders'
    case 'profile':
      return `Profile ${name}`
    case 'copilot':
      return 'Portable file, shared with Copilot CLI'
    case 'cli':
      return 'Cline in the terminal'
    case 'project':
      return `For the project ${name}`
    case 'copilot_project':
      return `Portable file of the project ${name}`
    case 'local':
      return `${program.name} in ${name}, for you alone`
    default:
      return scope satisfies never
  }
}
