import { chmodSync, linkSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { ClientDisk } from './client-disk.ts'
import { Connections } from './connections.ts'
import { ConnectionsBench, request, served, target, written } from './test-connections.ts'

const bench = new ConnectionsBench()
const { at, cursorFile, put, connect, place } = bench

/** A disk that takes nothing more. */
class FullDisk extends ClientDisk {
  override async replace(): Promise<never> {
    throw new Error('no space left')
  }
}

it('a write that fails leaves what can be taken back as it was', async () => {
  put(written, '.cursor', 'mcp.json')
  await connect({ program: 'cursor' })
  bench.url = 'http://127.0.0.1:7421'
  const whole = bench.connections
  bench.connections = new Connections({
    host: bench.host,
    served: () => served,
    url: () => bench.url,
    disk: new FullDisk('linux'),
  })
  await expect(connect({ program: 'cursor', mode: 'http' })).rejects.toThrow('no space left')
  await expect(connect({ program: 'vscode' })).rejects.toThrow('no space left')
  bench.connections = whole
  expect((await bench.connections.written()).map(({ program }) => program)).toEqual(['cursor'])
  await bench.connections.undo(target(), 'exact')
  expect(readFileSync(cursorFile(), 'utf8')).toBe(written)
})

describe('drift', () => {
  const edit = (change: (text: string) => string) =>
    writeFileSync(cursorFile(), change(readFileSync(cursorFile(), 'utf8')))

  beforeEach(async () => {
    put(written, '.cursor', 'mcp.json')
    await connect({ program: 'cursor', move: ['git'] })
  })

  it('is seen when our entry was changed, switched off, or taken out, and when the file is gone', async () => {
    const drifts: unknown[] = []
    const look = async () => drifts.push(((await place()).drift ?? { kind: (await place()).state }).kind)
    edit((text) => text.replace('"--client"', '"--klient"'))
    await look()
    edit((text) => text.replace('"--klient"', '"--client"'))
    await look()
    edit((text) => text.replace('"signalbox": {', '"signalbox": { "disabled": true,'))
    expect((await place()).drift?.message).toContain('switched off')
    writeFileSync(cursorFile(), written)
    await look()
    rmSync(cursorFile())
    await look()
    expect(drifts).toEqual(['changed', 'connected', 'removed', 'file_gone'])
  })

  it('is seen when what our entry starts is gone', async () => {
    const elsewhere = { ...bench.host, node: put('', 'old', 'node') }
    bench.connections = new Connections({ host: elsewhere, served: () => served, url: () => bench.url })
    await connect({ program: 'cursor' })
    rmSync(elsewhere.node)
    expect((await place()).drift).toMatchObject({
      kind: 'command_gone',
      message: expect.stringContaining(elsewhere.node),
    })
  })

  it('refuses an exact undo, says what changed, and takes out our entry alone', async () => {
    edit((text) => text.replace('// mine', '// mine, and edited'))
    expect(await place()).toMatchObject({ state: 'connected', undo: 'entry' })
    await expect(bench.connections.undo(target(), 'exact')).rejects.toMatchObject({
      code: 'changed_since',
      status: 409,
      message: expect.stringContaining('as it was written'),
      data: {
        entry: 'as_written',
        since_written: [{ lines: expect.arrayContaining([{ kind: 'added', text: '  // mine, and edited' }]) }],
      },
    })
    await bench.connections.undo(target(), 'entry')
    const text = readFileSync(cursorFile(), 'utf8')
    expect(text).toContain('// mine, and edited')
    expect(JSON.parse(text.replace(/\/\/.*/, ''))).toEqual({
      mcpServers: { x: { command: 'x' }, git: { command: 'git-mcp', args: ['-v'] } },
    })
    expect(await place()).toMatchObject({ state: 'not_connected' })
    await expect(bench.connections.undo(target(), 'exact')).rejects.toMatchObject({ code: 'nothing_to_undo' })
  })

  it('can be accepted', async () => {
    writeFileSync(cursorFile(), written)
    expect((await bench.connections.forget(target())).place.state).toBe('not_connected')
  })

  it('is not undone exactly from a backup that somebody changed', async () => {
    const [kept] = await bench.connections.backups()
    writeFileSync(kept!.path, 'other')
    await expect(bench.connections.undo(target(), 'exact')).rejects.toMatchObject({ code: 'backup_gone' })
  })
})

describe('with care', () => {
  it('refuses what is no file, what leads nowhere and what may not be written', async () => {
    mkdirSync(cursorFile(), { recursive: true })
    symlinkSync(at('nowhere'), put('', '.gemini', 'x').replace(/x$/, 'settings.json'))
    expect([(await place()).state, (await place('gemini')).state]).toEqual(['unreadable', 'unreadable'])
  })

  it('warns of a file with other names, and of JSON that Claude Desktop does not read', async () => {
    const file = put('{"mcpServers":{},}', '.config', 'Claude', 'claude_desktop_config.json')
    linkSync(file, `${file}.link`)
    const { warnings } = await bench.connections.preview(request({ program: 'claude-desktop' }))
    expect(warnings).toEqual([
      expect.stringContaining('Claude Desktop passes over this file'),
      expect.stringContaining('hard links'),
    ])
  })

  it.skipIf(process.getuid?.() !== 0)('does not follow a file of another user', async () => {
    const { chownSync, lchownSync } = await import('node:fs')
    chownSync(put(written, '.cursor', 'mcp.json'), 65534, 65534)
    const real = put(written, 'real.json')
    mkdirSync(at('.gemini'))
    symlinkSync(real, at('.gemini', 'settings.json'))
    lchownSync(at('.gemini', 'settings.json'), 65534, 65534)
    mkdirSync(at('.codex'))
    chownSync(at('.codex'), 65534, 65534)
    expect((await place()).problem?.message).toBe('the file belongs to another user')
    expect((await place('gemini')).problem?.message).toBe('the file belongs to another user')
    await expect(connect({ program: 'codex' })).rejects.toMatchObject({ code: 'foreign_owner' })
  })

  it.skipIf(process.getuid?.() === 0)('leaves a file that is marked as read-only', async () => {
    chmodSync(put(written, '.cursor', 'mcp.json'), 0o400)
    await expect(connect({ program: 'cursor' })).rejects.toMatchObject({ code: 'client_file_unwritable' })
    expect(readFileSync(cursorFile(), 'utf8')).toBe(written)
  })

  it('takes no write for its own that never came to the file', async () => {
    put(written, '.cursor', 'mcp.json')
    await connect({ program: 'cursor' })
    const book = join(bench.host.home, 'connections.json')
    const pending = readFileSync(book, 'utf8').replace('"is_pending": false', '"is_pending": true')
    writeFileSync(book, pending)
    expect(await place()).toMatchObject({ state: 'connected', undo: 'exact' })
    writeFileSync(cursorFile(), written)
    expect(await place()).toMatchObject({ state: 'not_connected', written: null })
  })

  it('says which file of its own it cannot read', async () => {
    writeFileSync(join(bench.host.home, 'connections.json'), '{')
    await expect(bench.connections.programs()).rejects.toMatchObject({ code: 'connections_broken' })
  })

  it('leaves nothing beside the files', async () => {
    put(written, '.cursor', 'mcp.json')
    await connect({ program: 'cursor' })
    await bench.connections.undo(target(), 'exact')
    expect(readdirSync(at('.cursor'))).toEqual(['mcp.json'])
    expect(readdirSync(join(bench.host.home, 'backups', 'clients')).length).toBe(1)
  })
})
