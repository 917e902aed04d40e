import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { connectPreviewSchema, connectProgramSchema } from '../../../shared/connect-contract.ts'
import { ConnectionsBench, request, target, written } from './test-connections.ts'

const bench = new ConnectionsBench()
const { at, cursorFile, put, connect, place } = bench

describe('programs', () => {
  it('are not found on a fresh machine, and answer by the contract', async () => {
    const programs = await bench.connections.programs()
    expect(connectProgramSchema.array().parse(programs)).toEqual(programs)
    expect(programs.map(({ is_found }) => is_found)).toEqual(Array.from({ length: 11 }, () => false))
    expect(new Set(programs.flatMap(({ places }) => places.map(({ state }) => state)))).toEqual(new Set(['not_found']))
  })

  it('are found by their file, or by the folder where they would read one', async () => {
    put(written, '.cursor', 'mcp.json')
    mkdirSync(at('.codex'))
    mkdirSync(at('.config', 'Code', 'User', 'profiles', 'work'), { recursive: true })
    expect(await place('cursor')).toMatchObject({ exists: true, state: 'not_connected', undo: 'none' })
    expect(await place('codex')).toMatchObject({
      exists: false,
      state: 'not_connected',
      path: at('.codex', 'config.toml'),
    })
    expect(await place('vscode', 'profile')).toMatchObject({ label: 'Profile work', state: 'not_connected' })
  })

  it('name the place of what cannot be read', async () => {
    put('{\n  "mcpServers": {\n    "a" {}\n  }\n}', '.cursor', 'mcp.json')
    put(Buffer.from('\uFEFF{}', 'utf16le'), '.gemini', 'settings.json')
    put('{"mcpServers": [1]}', '.lmstudio', 'mcp.json')
    expect(
      [await place('cursor'), await place('gemini'), await place('lm-studio')].map(({ state, problem }) => [
        state,
        problem,
      ]),
    ).toEqual([
      ['unreadable', { message: 'a colon is missing after the name', line: 3, column: 9 }],
      ['unreadable', { message: 'the file is not UTF-8 text', line: null, column: null }],
      ['unreadable', { message: 'mcpServers is not a map of entries', line: null, column: null }],
    ])
    await expect(bench.connections.preview(request({ program: 'cursor' }))).rejects.toMatchObject({
      code: 'client_file_unreadable',
      data: { line: 3, column: 9 },
    })
  })

  it('knows an entry that somebody wrote by hand, and hides its token', async () => {
    put(
      '{"mcpServers":{"box":{"url":"http://127.0.0.1:7420/mcp","headers":{"Authorization":"Bearer abcd1234efgh"}}}}',
      '.cursor',
      'mcp.json',
    )
    const found = await place()
    expect(found).toMatchObject({ state: 'connected', written: null, undo: 'entry', key: ['mcpServers', 'box'] })
    expect(found.entry).toMatchObject({ mode: 'http', text: expect.stringContaining('Bearer •••') })
    await bench.connections.undo(target(), 'entry')
    expect(JSON.parse(readFileSync(cursorFile(), 'utf8'))).toEqual({ mcpServers: {} })
  })

  it('refuses folders that are not absolute, and shares', async () => {
    for (const folder of ['app', '//host/share']) {
      await expect(bench.connections.programs([folder])).rejects.toMatchObject({ code: 'bad_folder' })
    }
  })
})

describe('a connection', () => {
  it('is shown before it is written, by the contract', async () => {
    put(written, '.cursor', 'mcp.json')
    const preview = await bench.connections.preview(request({ program: 'cursor' }))
    expect(connectPreviewSchema.parse(preview)).toEqual(preview)
    const changed = preview.hunks.flatMap(({ lines }) => lines).filter(({ kind }) => kind !== 'same')
    expect(changed.slice(0, 3)).toEqual([
      { kind: 'removed', text: '    "x": { "command": "x" }' },
      { kind: 'added', text: '    "x": { "command": "x" },' },
      { kind: 'added', text: '    "signalbox": {' },
    ])
    expect(changed.slice(2).every(({ kind }) => kind === 'added')).toBe(true)
    expect(preview.movable).toEqual([
      { name: 'git', server: 'git', text: '"git": { "command": "git-mcp", "args": ["-v"] }' },
    ])
    expect(readFileSync(cursorFile(), 'utf8')).toBe(written)
    expect(existsSync(join(bench.host.home, 'backups'))).toBe(false)
  })

  it('starts our bridge by absolute paths, and is undone to the byte', async () => {
    put(written, '.cursor', 'mcp.json')
    const preview = await connect({ program: 'cursor' })
    const { signalbox, ...others } = JSON.parse(readFileSync(cursorFile(), 'utf8').replace('// mine', '')).mcpServers
    expect(signalbox).toEqual({
      command: process.execPath,
      args: [bench.host.cli, 'connect', '--client', 'cursor', '--home', bench.host.home],
    })
    expect(Object.keys(others)).toEqual(['git', 'x'])
    expect(await place()).toMatchObject({
      state: 'connected',
      undo: 'exact',
      written: { mode: 'stdio', backup_path: preview.backup_path },
    })
    expect(readFileSync(preview.backup_path!, 'utf8')).toBe(written)
    expect(statSync(preview.backup_path!).mode & 0o777).toBe(0o600)
    bench.connections = bench.reopened()
    await bench.connections.undo(target(), 'exact')
    expect(readFileSync(cursorFile(), 'utf8')).toBe(written)
    expect(await place()).toMatchObject({ state: 'not_connected', written: null })
    expect((await bench.connections.backups()).map(({ path, of }) => [path, of])).toEqual([
      [preview.backup_path, cursorFile()],
    ])
  })

  it('takes out what is moved, and only what is served', async () => {
    put(written, '.cursor', 'mcp.json')
    await expect(bench.connections.preview(request({ program: 'cursor', move: ['x'] }))).rejects.toMatchObject({
      code: 'not_movable',
    })
    const preview = await connect({ program: 'cursor', move: ['git'] })
    expect(preview.removed).toEqual(['git'])
    expect(readFileSync(cursorFile(), 'utf8')).not.toContain('git-mcp')
    await bench.connections.undo(target(), 'exact')
    expect(readFileSync(cursorFile(), 'utf8')).toBe(written)
  })

  it('makes a file where the program would read it, for its owner alone, and undo takes it away', async () => {
    mkdirSync(at('.codex'))
    const preview = await connect({ program: 'codex' })
    expect(preview).toMatchObject({ makes_file: true, before_hash: null, backup_path: null })
    expect(statSync(preview.path).mode & 0o777).toBe(0o600)
    await bench.connections.undo(target('codex'), 'exact')
    expect(readdirSync(at('.codex'))).toEqual([])
    const project = at('app')
    mkdirSync(project)
    await connect({ program: 'cursor', scope: 'project', folder: project })
    expect(existsSync(join(project, '.cursor', 'mcp.json'))).toBe(true)
    await bench.connections.undo({ program: 'cursor', scope: 'project', folder: project }, 'exact')
    expect(readdirSync(project)).toEqual([])
  })

  it('keeps the mode, the symbolic link and the mark of the file', async () => {
    const real = put(`\uFEFF${written.replaceAll('\n', '\r\n')}`, 'dotfiles', 'cursor.json')
    chmodSync(real, 0o640)
    mkdirSync(at('.cursor'))
    symlinkSync(real, cursorFile())
    const before = readFileSync(real)
    const preview = await connect({ program: 'cursor' })
    expect([preview.path, preview.target, preview.line_end]).toEqual([cursorFile(), real, 'crlf'])
    expect([statSync(real).mode & 0o777, lstatSync(cursorFile()).isSymbolicLink()]).toEqual([0o640, true])
    expect(readFileSync(real, 'utf8')).toMatch(/^\uFEFF\{\r\n/)
    expect(readFileSync(real, 'utf8').replaceAll('\r\n', '')).not.toContain('\n')
    await bench.connections.undo(target(), 'exact')
    expect(readFileSync(real)).toEqual(before)
  })

  it('is refused when the file changed since it was shown, or when another text would come of it', async () => {
    put(written, '.cursor', 'mcp.json')
    const { before_hash, after_hash } = await bench.connections.preview(request({ program: 'cursor' }))
    const asked = { ...request({ program: 'cursor' }), before_hash, after_hash }
    put(`${written}\n`, '.cursor', 'mcp.json')
    await expect(bench.connections.write(asked)).rejects.toMatchObject({ code: 'file_changed', status: 409 })
    put(written, '.cursor', 'mcp.json')
    await expect(bench.connections.write({ ...asked, mode: 'http' })).rejects.toMatchObject({ code: 'preview_stale' })
    expect(readFileSync(cursorFile(), 'utf8')).toBe(written)
    rmSync(cursorFile())
    await expect(bench.connections.write(asked)).rejects.toMatchObject({ code: 'file_changed' })
  })

  it('written again in another mode goes back to the text of before the first', async () => {
    put(written, '.cursor', 'mcp.json')
    await connect({ program: 'cursor' })
    await connect({ program: 'cursor', mode: 'http' })
    expect(await place()).toMatchObject({ state: 'connected', entry: { mode: 'http' } })
    await bench.connections.undo(target(), 'exact')
    expect(readFileSync(cursorFile(), 'utf8')).toBe(written)
  })

  it('written twice changes nothing the second time', async () => {
    put(written, '.cursor', 'mcp.json')
    await connect({ program: 'cursor' })
    const { hunks } = await connect({ program: 'cursor' })
    expect(hunks).toEqual([])
    await bench.connections.undo(target(), 'exact')
    expect(readFileSync(cursorFile(), 'utf8')).toBe(written)
  })

  it('does not take the name of an entry that is not ours', async () => {
    put('{"mcpServers":{"signalbox":{"command":"mine"}}}', '.cursor', 'mcp.json')
    await connect({ program: 'cursor' })
    const { mcpServers } = JSON.parse(readFileSync(cursorFile(), 'utf8'))
    expect([mcpServers.signalbox, Object.keys(mcpServers)]).toEqual([{ command: 'mine' }, ['signalbox', 'signalbox-2']])
  })

  it('names all tools where Copilot CLI asks which', async () => {
    mkdirSync(at('.copilot'))
    await connect({ program: 'vscode', scope: 'copilot' })
    const { mcpServers } = JSON.parse(readFileSync(at('.copilot', 'mcp-config.json'), 'utf8'))
    expect(mcpServers.signalbox).toMatchObject({ type: 'stdio', tools: ['*'] })
  })

  it('of one project stands in its part of the file of Claude Code', async () => {
    const text = `${JSON.stringify({ projects: { '/home/ada/app': { history: [1] } }, n: 1 }, null, 2)}\n`
    put(text, '.claude.json')
    const local = { program: 'claude-code', scope: 'local', folder: '/home/ada/app' } as const
    await connect(local)
    const { projects } = JSON.parse(readFileSync(at('.claude.json'), 'utf8'))
    expect(projects['/home/ada/app']).toMatchObject({ history: [1], mcpServers: { signalbox: { type: 'stdio' } } })
    await bench.connections.undo(local, 'exact')
    expect(readFileSync(at('.claude.json'), 'utf8')).toBe(text)
  })
})

describe('http', () => {
  it('names the token without holding it, where the program can', async () => {
    put('{"inputs":[]}', '.config', 'Code', 'User', 'mcp.json')
    mkdirSync(at('.codex'))
    await connect({ program: 'vscode', mode: 'http' })
    const { inputs, servers } = JSON.parse(readFileSync(at('.config', 'Code', 'User', 'mcp.json'), 'utf8'))
    expect(inputs).toMatchObject([{ id: 'signalbox-token', password: true }])
    expect(servers.signalbox.headers).toEqual({ Authorization: 'Bearer ${input:signalbox-token}' })
    await connect({ program: 'codex', mode: 'http' })
    expect(readFileSync(at('.codex', 'config.toml'), 'utf8')).toBe(
      '[mcp_servers.signalbox]\nurl = "http://127.0.0.1:7420/mcp"\nbearer_token_env_var = "SIGNALBOX_TOKEN"\n',
    )
  })

  it('needs the token where the program cannot, and says so', async () => {
    put('// zed\n{}', '.config', 'zed', 'settings.json')
    await expect(bench.connections.preview(request({ program: 'zed', mode: 'http' }))).rejects.toMatchObject({
      code: 'token_needed',
    })
    const { warnings } = await connect({ program: 'zed', mode: 'http', token: 'sbx_secret_token' })
    expect(warnings).toContainEqual(expect.stringContaining('The token stands in the file'))
    const found = await place('zed')
    expect(found.entry?.text).not.toContain('sbx_secret_token')
    expect(readFileSync(join(bench.host.home, 'connections.json'), 'utf8')).not.toContain('sbx_secret_token')
  })

  it('cannot be had without an address, nor in Claude Desktop', async () => {
    put('{}', '.config', 'Claude', 'claude_desktop_config.json')
    put('{}', '.cursor', 'mcp.json')
    const ask = (program: 'cursor' | 'claude-desktop') =>
      bench.connections.preview(request({ program, mode: 'http', token: 't' }))
    await expect(ask('claude-desktop')).rejects.toMatchObject({ code: 'mode_unavailable' })
    bench.url = null
    await expect(ask('cursor')).rejects.toMatchObject({ code: 'mode_unavailable' })
    expect((await place()).options.map(({ mode, problem }) => [mode, problem !== null])).toEqual([
      ['stdio', false],
      ['http', true],
    ])
  })
})
