import type { ImportScan, Program } from '../../shared/import.ts'
import type { ServerSpec } from '../config/server-spec.ts'
import { decodeText, placeAndProblem } from './decode-text.ts'
import { claudeProjects } from './formats/claude-code.ts'
import type { FileContext, FoundServer } from './found-server.ts'
import { isOwnGateway, usualPort } from './own-gateway.ts'
import { planCandidates, type Sighting } from './plan-candidates.ts'
import { type KnownProgram, knownPrograms, type Machine, pathOf } from './programs.ts'
import { expandPath, readForeignFile } from './read-file.ts'
import { sampleCandidates } from './samples.ts'

interface ScanOptions extends Machine {
  /** Folders of projects to look into, beside those that Claude Code knows. Absolute. */
  projectDirs?: readonly string[]
  existing: readonly ServerSpec[]
  /** As in Host: what the two sample servers run on, and where they are. */
  node: string
  samples: string
  /** Port of our own gateway, to know it where another program has it. */
  gatewayPort?: number
  /** Where a path of that machine lies on this one; a test of other systems needs it. */
  locate?: (path: string) => string
}

/**
 * Looks through the files of the programs we know and says which servers could be copied. Only reads; a file that
 * cannot be read or understood is reported in its program's `files`, never thrown.
 */
export async function scanClients(options: ScanOptions): Promise<ImportScan> {
  const { existing, node, samples, gatewayPort = usualPort } = options
  const scans = await Promise.all(knownPrograms.map((program) => scanProgram(program, options)))
  const sightings: Sighting[] = []
  const programs = scans.map(({ program, files }): Program => {
    const { id, name } = program
    const found = files.map(({ path, servers, ...file }) => {
      const offered = servers.filter(({ entry }) => !isOwnGateway(entry, gatewayPort))
      sightings.push(...offered.map((server) => ({ server, program: { id, name }, path })))
      return { path, ...file, servers: offered.length }
    })
    return { id, name, files: found, servers: found.reduce((sum, file) => sum + file.servers, 0) }
  })
  return {
    programs,
    candidates: planCandidates(sightings, existing),
    samples: sampleCandidates({ node, samples, existing }),
  }
}

interface ScannedFile {
  path: string
  scope: 'user' | 'project'
  status: 'found' | 'unreadable' | 'invalid'
  message: string | null
  servers: FoundServer[]
  /** The parsed file, for what else it says; undefined when it is not usable. */
  value: unknown
}

async function scanProgram(
  program: KnownProgram,
  options: ScanOptions,
): Promise<{ program: KnownProgram; files: Omit<ScannedFile, 'value'>[] }> {
  const files: ScannedFile[] = []
  for (const { take, paths } of program.userFiles(options)) {
    const expanded = (await Promise.all(paths.map((path) => expandPath(path, options.platform, options.locate)))).flat()
    for (const path of expanded) {
      const file = await scanFile(program, path, null, options)
      if (!file) continue
      files.push(file)
      if (take === 'first') break
    }
  }
  if (program.projectFile) {
    const known =
      program.id === 'claude-code' ? claudeProjects(files[0]?.value) : new Map<string, ReadonlySet<string>>()
    const { join } = pathOf(options.platform)
    const folders = new Set([...known.keys(), ...(options.projectDirs ?? [])])
    for (const projectDir of [...folders].filter((folder) => !isOnNetwork(folder))) {
      const path = join(projectDir, ...program.projectFile)
      const isSeen = files.some((file) => file.path === path)
      const file = isSeen ? null : await scanFile(program, path, projectDir, options)
      if (!file) continue
      const disabled = known.get(projectDir)
      for (const server of file.servers) if (disabled?.has(server.name)) server.wasEnabled = false
      files.push(file)
    }
  }
  return { program, files: files.map(({ value: _value, ...file }) => file) }
}

/** A Windows share: even to look at it would send the person's name over the network. */
function isOnNetwork(folder: string): boolean {
  return /^[\\/]{2}/.test(folder)
}

async function scanFile(
  { syntax, format }: KnownProgram,
  path: string,
  projectDir: string | null,
  { userHome, platform, locate = (foreign) => foreign }: ScanOptions,
): Promise<ScannedFile | null> {
  const scope = projectDir === null ? 'user' : 'project'
  const file: ScannedFile = { path, scope, status: 'found', message: null, servers: [], value: undefined }
  const reading = await readForeignFile(locate(path))
  if (reading.kind === 'absent') return null
  if (reading.kind === 'unreadable') return { ...file, status: 'unreadable', message: reading.message }
  // Several programs make their file empty and fill it later.
  if (reading.text.trim() === '') return file
  const decoded = decodeText(reading.text, syntax)
  if (decoded.kind === 'problem') return { ...file, status: 'invalid', message: placeAndProblem(decoded.problem) }
  const context: FileContext = { userHome, platform, projectDir }
  return { ...file, servers: format(decoded.value, context), value: decoded.value }
}
