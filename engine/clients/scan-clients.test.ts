import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { importScanSchema } from '../../shared/import.ts'
import { readConfig } from '../config/read-config.ts'
import { scanClients } from './scan-clients.ts'

const fixtures = fileURLToPath(new URL('fixtures', import.meta.url))
const samples = fileURLToPath(new URL('../../samples', import.meta.url))

let home: string
let project: string

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'signalbox-home-'))
  project = join(home, 'app')
  mkdirSync(project)
})

afterEach(() => rmSync(home, { recursive: true, force: true }))

function place(fixture: string, ...path: string[]): string {
  const target = join(home, ...path)
  mkdirSync(dirname(target), { recursive: true })
  cpSync(join(fixtures, fixture), target)
  return target
}

function write(text: string | Buffer, ...path: string[]): string {
  const target = join(home, ...path)
  mkdirSync(dirname(target), { recursive: true })
  writeFileSync(target, text)
  return target
}

const scan = (more: Partial<Parameters<typeof scanClients>[0]> = {}) =>
  scanClients({ userHome: home, platform: 'linux', env: {}, existing: [], node: process.execPath, samples, ...more })

function placeAll(): void {
  place('claude-desktop/claude_desktop_config.json', '.config', 'Claude', 'claude_desktop_config.json')
  const claude = readFileSync(join(fixtures, 'claude-code/.claude.json'), 'utf8')
  write(claude.replace('PROJECT', project), '.claude.json')
  place('claude-code/project.mcp.json', 'app', '.mcp.json')
  place('cursor/mcp.json', '.cursor', 'mcp.json')
  place('vscode/mcp.json', '.config', 'Code', 'User', 'profiles', '-1a2b', 'mcp.json')
  place('windsurf/mcp_config.json', '.codeium', 'windsurf', 'mcp_config.json')
  place('zed/settings.json', '.config', 'zed', 'settings.json')
  place('cline/cline_mcp_settings.json', '.cline', 'data', 'settings', 'cline_mcp_settings.json')
  place('gemini/settings.json', '.gemini', 'settings.json')
  place('codex/config.toml', '.codex', 'config.toml')
  place('goose/config.yaml', '.config', 'goose', 'config.yaml')
  place('lm-studio/mcp.json', '.cache', 'lm-studio', 'mcp.json')
}

describe('scanClients', () => {
  it('finds nothing on a fresh machine but two samples that can run', async () => {
    const { programs, candidates, samples: offered } = await scan()
    expect(programs.map(({ files, servers }) => [files, servers])).toEqual(programs.map(() => [[], 0]))
    expect([programs.length, candidates]).toEqual([11, []])
    expect(offered.map(({ id, ticked, problem, entry }) => [id, ticked, problem, entry.command])).toEqual([
      ['sample-notes', true, null, process.execPath],
      ['sample-workbench', true, null, process.execPath],
    ])
  })

  it('finds the servers of every program, and answers by the contract', async () => {
    placeAll()
    const result = await scan()
    expect(importScanSchema.parse(result)).toEqual(result)
    expect(result.programs.map(({ id, servers, files }) => [id, servers, files.length])).toEqual([
      ['claude-desktop', 2, 1],
      ['claude-code', 5, 2],
      ['cursor', 4, 1],
      ['vscode', 3, 1],
      ['windsurf', 2, 1],
      ['zed', 4, 1],
      ['cline', 2, 1],
      ['gemini', 3, 1],
      ['codex', 2, 1],
      ['goose', 2, 1],
      ['lm-studio', 2, 1],
    ])
    expect(result.candidates.length).toBe(31)
    const row = (key: string) => {
      const { id, conflict, ticked, was_enabled, secrets } = result.candidates.find((found) => found.key.endsWith(key))!
      return [id, conflict, ticked, was_enabled, secrets]
    }
    expect(row('desktop_config.json#github')).toEqual(['github', 'none', true, true, ['env.GITHUB_TOKEN']])
    expect(row('.cursor/mcp.json#git')).toEqual(['git-2', 'renamed', false, true, []])
    expect(row('goose/config.yaml#github')).toEqual(['github-2', 'renamed', false, true, []])
    expect(row('app/.mcp.json#off-in-project')).toEqual(['off-in-project', 'none', false, false, []])
    expect(result.candidates.find(({ id }) => id === 'build')?.entry.cwd).toBe(project)
  })

  it('does not propose again what an import put into mcp.json', async () => {
    placeAll()
    const { candidates } = await scan()
    const mcpServers = Object.fromEntries(candidates.filter(({ ticked }) => ticked).map(({ id, entry }) => [id, entry]))
    const { specs } = readConfig(JSON.stringify({ mcpServers }))
    const again = await scan({ existing: specs! })
    expect(again.candidates.filter(({ ticked }) => ticked)).toEqual([])
    expect(again.candidates.filter(({ conflict }) => conflict === 'exists').length).toBe(specs!.length)
  })

  it('reads the files of given projects too, each once', async () => {
    place('cursor/mcp.json', 'app', '.cursor', 'mcp.json')
    place('cursor/mcp.json', '.cursor', 'mcp.json')
    const { programs } = await scan({ projectDirs: [project, home] })
    expect(programs.find(({ id }) => id === 'cursor')?.files.map(({ path, scope }) => [path, scope])).toEqual([
      [join(home, '.cursor/mcp.json'), 'user'],
      [join(project, '.cursor/mcp.json'), 'project'],
    ])
  })

  it('reports what it cannot read with its place, and goes on', async () => {
    write('{\n  "mcpServers": {\n    "a" {}\n  }\n}', '.cursor', 'mcp.json')
    write('[mcp_servers.a]\ncommand = \n', '.codex', 'config.toml')
    write('extensions:\n  a: [\n', '.config', 'goose', 'config.yaml')
    mkdirSync(join(home, '.gemini', 'settings.json'), { recursive: true })
    write(Buffer.from([0x7b, 0xff, 0xfe, 0x7d]), '.lmstudio', 'mcp.json')
    write('', '.config', 'zed', 'settings.json')
    write(
      Buffer.from('\uFEFF{"mcpServers":{"wide":{"command":"x"}}}', 'utf16le'),
      '.codeium',
      'windsurf',
      'mcp_config.json',
    )
    const { programs, candidates } = await scan()
    const files = Object.fromEntries(programs.map(({ id, files: [file] }) => [id, file && [file.status, file.message]]))
    expect(files).toMatchObject({
      cursor: ['invalid', 'line 3, column 9: a colon is missing after the name'],
      codex: ['invalid', expect.stringMatching(/^line 2, column \d+: /)],
      goose: ['invalid', expect.stringMatching(/^line \d, column \d+: /)],
      gemini: ['unreadable', 'is not a file'],
      'lm-studio': ['unreadable', 'is not UTF-8 text'],
      zed: ['found', null],
      windsurf: ['found', null],
    })
    expect(candidates.map(({ id }) => id)).toEqual(['wide'])
  })

  it.skipIf(process.platform === 'win32')('does not wait at a pipe that stands in the place of a file', async () => {
    mkdirSync(join(home, '.cursor'))
    execFileSync('mkfifo', [join(home, '.cursor', 'mcp.json')])
    const { programs } = await scan()
    expect(programs.find(({ id }) => id === 'cursor')?.files[0]?.status).toBe('unreadable')
  })

  it('changes nothing in what it reads', async () => {
    placeAll()
    const before = listing(home)
    await scan({ projectDirs: [project] })
    expect(listing(home)).toEqual(before)
  })
})

function listing(folder: string): [string, number, string][] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((path) => [path, statSync(path).mtimeMs, readFileSync(path, 'base64')])
}
