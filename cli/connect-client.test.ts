import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse as parseYaml } from 'yaml'
import { type Ran, runCli } from './test-run.ts'
import { type Serving, startServe, temporaryHome } from './test-serve.ts'

const written = '{\r\n  // mine\r\n  "mcpServers": { "x": { "command": "x" }, },\r\n}\r\n'

let temporary: Awaited<ReturnType<typeof temporaryHome>>
let serving: Serving
let userHome: string
let cursorFile: string

beforeAll(async () => {
  temporary = await temporaryHome()
  userHome = join(temporary.home, 'user')
  cursorFile = join(userHome, '.cursor', 'mcp.json')
  await mkdir(join(userHome, '.cursor'), { recursive: true })
  await writeFile(cursorFile, written)
  const configured = { mcpServers: { notes: { command: 'notes', env: { API_TOKEN: 'ghp_0123456789abcdefghij' } } } }
  await writeFile(join(temporary.home, 'mcp.json'), JSON.stringify(configured))
  serving = await startServe(temporary.home, { HOME: userHome, USERPROFILE: userHome, XDG_CONFIG_HOME: undefined })
})
afterAll(async () => {
  await serving[Symbol.asyncDispose]()
  await temporary[Symbol.asyncDispose]()
})

const run = (...words: string[]): Promise<Ran> => runCli([...words, '--home', temporary.home])
const file = () => readFile(cursorFile, 'utf8')

describe('connect-client', () => {
  it('shows what is true of each program', async () => {
    const { out, code } = await run('connect-client')
    expect(code).toBe(0)
    expect(out).toMatch(/cursor +user +not_connected +\S*mcp\.json/)
    expect(out).toMatch(/goose +user +not_found/)
  })

  it('shows the difference and writes nothing in a dry run', async () => {
    const { out, code } = await run('connect-client', 'cursor', '--dry-run')
    expect(code).toBe(0)
    expect(out).toMatch(/\+ {3}"mcpServers": .*"signalbox": \{/)
    expect(await file()).toBe(written)
  })

  it('writes, says where the old bytes are, and takes it back to the byte', async () => {
    const { out, code } = await run('connect-client', 'cursor')
    expect([code, out]).toEqual([0, expect.stringMatching(/What was there is in .*cursor-user-/)])
    expect(await file()).toContain('"signalbox"')
    const undone = await run('connect-client', 'cursor', '--undo')
    expect([undone.code, undone.err]).toEqual([0, ''])
    expect(await file()).toBe(written)
    expect((await run('connect-client', 'cursor', '--undo')).code).toBe(1)
  })

  it('connects a project, and speaks JSON', async () => {
    const project = join(userHome, 'app')
    await mkdir(project)
    const { out, code } = await run('connect-client', 'cursor', '--folder', project, '--json')
    expect(code).toBe(0)
    expect(JSON.parse(out)).toMatchObject({ place: { scope: 'project', folder: project, state: 'connected' } })
    expect((await run('connect-client', '--json')).out).toContain(project)
  })

  it.each<[number, string[]]>([
    [4, ['connect-client', 'emacs']],
    [2, ['connect-client', 'cursor', '--scope', 'all']],
    [4, ['connect-client', 'goose', '--scope', 'cli']],
    [1, ['connect-client', 'claude-desktop', '--http']],
    [4, ['export', 'servers', '--for', 'emacs']],
    [2, ['export', 'everything']],
  ])('ends with %d for %j', async (code, words) => {
    const ran = await run(...words)
    expect([ran.code, ran.out]).toEqual([code, ''])
  })
})

describe('export', () => {
  it('prints the servers alone, and beside them what must be filled in', async () => {
    const { out, err, code } = await run('export', 'servers')
    expect(code).toBe(0)
    expect(JSON.parse(out)).toEqual({
      mcpServers: { notes: { command: 'notes', env: { API_TOKEN: '${API_TOKEN}' } } },
    })
    expect(err).toContain('put API_TOKEN in place')
    expect((await run('export', 'servers', '--for', 'codex')).out).toContain('env_vars = ["API_TOKEN"]')
  })

  it('prints the integrations file', async () => {
    const { out, code } = await run('export', 'integrations')
    expect(code).toBe(0)
    expect(parseYaml(out)).toMatchObject({
      integrations: { mcp_servers: ['notes'], apis: [{ rest: `${serving.url}/api/v1` }, {}] },
    })
  })
})
