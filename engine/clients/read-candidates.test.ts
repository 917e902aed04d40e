import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { AppError } from '../../shared/app-error.ts'
import { readCandidates } from './read-candidates.ts'

const fixtures = fileURLToPath(new URL('fixtures', import.meta.url))
const host = { userHome: '/home/ada', platform: 'linux' } as const

const read = (text: string, name?: string) =>
  readCandidates(text, name, [], host).map(({ id, transport, summary, problem }) => [id, transport, summary, problem])

function failure(text: string, name?: string): AppError {
  try {
    readCandidates(text, name, [], host)
  } catch (error) {
    if (error instanceof AppError) return error
    throw error
  }
  throw new Error('was read')
}

describe('readCandidates', () => {
  const command = ['git', 'stdio', 'uvx git', null]

  it.each([
    ['mcpServers', '{"mcpServers":{"git":{"command":"uvx","args":["git"]}}}'],
    ['mcpServers with comments', '\uFEFF// mine\n{"mcpServers":{"git":{"command":"uvx","args":["git"],},},}'],
    ['a list of servers', '{"mcpServers":[{"name":"git","command":"uvx","args":["git"]}]}'],
    ['the servers of VS Code', '{"servers":{"git":{"type":"stdio","command":"uvx","args":["git"]}}}'],
    ['an old settings file of VS Code', '{"mcp":{"servers":{"git":{"command":"uvx","args":["git"]}}}}'],
    ['Zed', '{"context_servers":{"git":{"command":{"path":"uvx","args":["git"]}}}}'],
    ['Codex', '[mcp_servers.git]\ncommand = "uvx"\nargs = ["git"]\n'],
    ['Goose', 'extensions:\n  git:\n    type: stdio\n    cmd: uvx\n    args: [git]\n'],
    ['mcpServers in YAML', 'mcpServers:\n  git:\n    command: uvx\n    args: [git]\n'],
    ['a bare map', '{"git":{"command":"uvx","args":["git"]}}'],
    ['members without braces', '"git": {\n  "command": "uvx",\n  "args": ["git"]\n}, // and so on'],
    ['the whole member without braces', '"mcpServers": { "git": { "command": "uvx", "args": ["git"] } }'],
    ['a bare entry with a name', '{"name":"git","command":"uvx","args":["git"]}'],
    ['a project of Claude Code', '{"projects":{"/p":{"mcpServers":{"git":{"command":"uvx","args":["git"]}}}}}'],
    ['settings of Gemini CLI', '{"mcp":{"allowed":["git"]},"mcpServers":{"git":{"command":"uvx","args":["git"]}}}'],
  ])('reads %s', (_shape, text) => {
    expect(read(text)).toEqual([command])
  })

  it.each([
    ['{"command":"npx","args":["-y","@scope/server-files@1.2.0","/tmp"]}', undefined, 'server-files'],
    ['{"command":"/usr/bin/git-mcp"}', undefined, 'git-mcp'],
    ['{"command":"node","args":["C:\\\\x\\\\notes.js"]}', undefined, 'notes'],
    ['{"url":"https://mcp.example/mcp"}', undefined, 'mcp.example'],
    ['{"url":"https://mcp.example/mcp"}', 'docs.json', 'docs'],
  ])('names the bare entry %s', (text, file, id) => {
    expect(read(text, file)[0]?.[0]).toBe(id)
  })

  it('reads every fixture, told its name', () => {
    const files = readdirSync(fixtures, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
    const counts = files
      .map(({ parentPath, name }) => join(parentPath, name))
      .filter((path) => basename(path) !== '.gitattributes')
      .map((path) => readCandidates(readFileSync(path, 'utf8'), basename(path), [], host).length)
    expect(counts.every((count) => count > 0)).toBe(true)
    expect(counts.length).toBe(12)
  })

  it.each([
    ['{\n  "mcpServers": {\n    "a": 1,,\n  }\n}', undefined, 3, 12],
    ['{ "a": ', undefined, 1, 8],
    ['[mcp_servers.git]\ncommand = "a\n', undefined, 2, 13],
    ['[mcp_servers.git]\ncommand = \n', 'config.toml', 2, 11],
    ['extensions:\n  a: [\n', 'config.yaml', 3, 1],
    ['"a": { "command": }', undefined, 1, 19],
    ['['.repeat(100_000), undefined, 1, 1],
  ])('names the place where %j cannot be read', (text, name, line, column) => {
    const { code, data, status } = failure(text, name)
    expect({ code, data, status }).toEqual({ code: 'unreadable_text', data: { line, column }, status: 422 })
  })

  it.each([
    '',
    'null',
    '7',
    '{}',
    '[]',
    '[1,2]',
    'npx -y some-server',
    '{"mcpServers":{}}',
    '{"a":{"b":1}}',
    '{"mcpServers":"x"}',
  ])('says that no server stands in %j', (text) => {
    expect(failure(text).code).toBe('no_servers_found')
  })

  it('does not offer our own gateway', () => {
    expect(read('{"url":"http://localhost:7420/mcp"}')[0]?.[3]).toBe('this is the way to Signalbox itself')
  })

  it('refuses values that are nested without sense', () => {
    const deep = `a = ${'['.repeat(300)}${']'.repeat(300)}`
    expect(failure(deep, 'a.toml').code).toBe('unreadable_text')
    expect(failure(`a: ${'['.repeat(300)}${']'.repeat(300)}`, 'a.yaml').code).toBe('unreadable_text')
  })
})
