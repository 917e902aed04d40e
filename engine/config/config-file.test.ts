import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { appendFile, open } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { ServerId } from '../../shared/ids.ts'
import { type ConfigFile, openConfigFile } from './config-file.ts'

const git = 'git' as ServerId
const memory = 'memory' as ServerId

let folder: string
let path: string
let config: ConfigFile
let changes: (() => void)[]

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'signalbox-config-'))
  path = join(folder, 'mcp.json')
  changes = []
})

afterEach(async () => {
  await config[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true, force: true })
})

async function openWith(text: string | null): Promise<void> {
  if (text !== null) writeFileSync(path, text)
  config = await openConfigFile({ path, onChange: announce })
}

function announce(): void {
  for (const check of changes) check()
}

/** Resolves at the change that makes the fact true. */
function until(isSo: () => boolean): Promise<void> {
  if (isSo()) return Promise.resolve()
  return new Promise((resolve) => changes.push(() => isSo() && resolve()))
}

const ids = () => config.specs().map((spec) => spec.id)
const read = () => readFileSync(path, 'utf8')
const withServer = (id: string) => JSON.stringify({ mcpServers: { [id]: { command: 'x' } } })

describe('reading', () => {
  it('has no servers while there is no file, and makes it at the first write, for its owner only', async () => {
    await openWith(null)
    expect([config.specs(), config.status(), readdirSync(folder)]).toEqual([
      [],
      { path, revision: 1, problem: null },
      [],
    ])
    await config.saveEntry(git, { command: 'git-mcp', args: ['-v'] })
    expect(read()).toBe(
      '{\n  "mcpServers": {\n    "git": {\n      "command": "git-mcp",\n      "args": ["-v"]\n    }\n  }\n}\n',
    )
    expect(ids()).toEqual(['git'])
    if (process.platform !== 'win32') expect(statSync(path).mode & 0o777).toBe(0o600)
  })

  it('reads comments, trailing commas and a byte order mark, and numbers the servers by their place', async () => {
    await openWith('\uFEFF// mine\n{ "mcpServers": { "b": { "command": "x", }, "a": { "url": "http://h" }, }, }')
    expect(config.specs().map(({ id, number, transport }) => [id, number, transport])).toEqual([
      ['b', 1, 'stdio'],
      ['a', 2, 'http'],
    ])
  })

  it('names the place of a syntax error and of a wrong shape', async () => {
    await openWith('{\n  "mcpServers": {\n    "a": { "command": "x" }\n    "b": {}\n  }\n}')
    expect(config.status().problem).toMatchObject({ message: 'a comma is missing before this', line: 4, column: 5 })
    writeFileSync(path, '{\n  "mcpServers": []\n}')
    await until(() => config.status().problem?.line === 2)
    expect(config.status().problem).toMatchObject({ message: 'mcpServers must be an object', line: 2, column: 17 })
  })

  it('keeps the other servers when one entry is wrong, one name empty and one there twice', async () => {
    await openWith('{"mcpServers":{"a":{"command":7},"":{},"b":{"command":"x"},"b":{"command":"y"}}}')
    expect(config.specs().map(({ id, launch, problem }) => [id, launch?.command, problem?.code])).toEqual([
      ['a', undefined, 'invalid_entry'],
      ['b', 'x', undefined],
    ])
    expect(config.status().problem).toMatchObject({ line: 1, column: 34 })
    await expect(config.removeEntry('b' as ServerId)).rejects.toMatchObject({ code: 'config_broken' })
  })

  it('says that a file which is not UTF-8 cannot be read, and leaves it alone', async () => {
    await openWith(null)
    writeFileSync(path, Buffer.from('{"mcpServers":{}}', 'utf16le'))
    writeFileSync(path, Buffer.from([0xff, 0xfe, 0x7b, 0x00]))
    await until(() => config.status().problem !== null)
    await expect(config.saveEntry(git, { command: 'x' })).rejects.toMatchObject({ code: 'not_utf8' })
    expect(readFileSync(path)).toEqual(Buffer.from([0xff, 0xfe, 0x7b, 0x00]))
  })
})

describe('watching', () => {
  it.each([
    ['truncates and writes', () => writeFileSync(path, withServer('b'))],
    [
      'writes a new file and renames it over',
      () => {
        writeFileSync(`${path}~`, withServer('b'))
        renameSync(`${path}~`, path)
      },
    ],
    [
      'deletes the file and makes it anew',
      () => {
        rmSync(path)
        writeFileSync(path, withServer('b'))
      },
    ],
  ])('sees an editor that %s', async (_how, edit) => {
    await openWith(withServer('a'))
    edit()
    await until(() => ids().join() === 'b')
    expect(config.status().problem).toBeNull()
  })

  it('sees an edit behind a symbolic link, and keeps the link when it writes', async () => {
    const target = join(folder, 'dotfiles.json')
    writeFileSync(target, withServer('a'))
    symlinkSync(target, path)
    await openWith(null)
    writeFileSync(target, withServer('b'))
    await until(() => ids().join() === 'b')
    await config.saveEntry(git, { command: 'x' })
    expect(Object.keys(JSON.parse(readFileSync(target, 'utf8')).mcpServers)).toEqual(['b', 'git'])
    expect(readdirSync(folder).sort()).toEqual(['dotfiles.json', 'mcp.json'])
  })

  it('sees the file made after the start, and gone', async () => {
    await openWith(null)
    writeFileSync(path, withServer('a'))
    await until(() => ids().join() === 'a')
    rmSync(path)
    await until(() => ids().length === 0)
    expect(config.status().problem).toBeNull()
  })

  it('keeps the last good servers while the file is broken, and takes the next good text', async () => {
    await openWith(withServer('a'))
    writeFileSync(path, '{ "mcpServers": ')
    await until(() => config.status().problem !== null)
    expect(ids()).toEqual(['a'])
    await appendFile(path, '{ "b": { "command": "x" } } }')
    await until(() => ids().join() === 'b')
    expect(config.status().problem).toBeNull()
  })

  it('takes a file written in pieces once it is whole', async () => {
    await openWith(withServer('a'))
    const file = await open(path, 'w')
    for (const character of withServer('b')) {
      await file.write(character)
      await new Promise((resolve) => setImmediate(resolve))
    }
    await file.close()
    await until(() => ids().join() === 'b')
    expect(config.status().problem).toBeNull()
  })

  it('reads a file that somebody keeps writing', async ({ signal }) => {
    await openWith(withServer('a'))
    let isSeen = false
    const seen = until(() => ids()[0]?.startsWith('b') === true).then(() => {
      isSeen = true
    })
    for (let number = 0; !isSeen && !signal.aborted; number += 1) {
      writeFileSync(path, withServer(`b${number}`))
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
    await seen
    expect(config.status().problem).toBeNull()
  })

  it('says nothing more once it is disposed', async () => {
    writeFileSync(path, withServer('a'))
    const onChange = vi.fn()
    const disposed = await openConfigFile({ path, onChange })
    await disposed[Symbol.asyncDispose]()
    await openWith(null)
    writeFileSync(path, withServer('b'))
    await until(() => ids().join() === 'b')
    expect(onChange).not.toHaveBeenCalled()
  })
})

describe('editing', () => {
  const written = [
    '\uFEFF// my servers',
    '{',
    '\t"theme": "dark", // ours does not know this',
    '\t"mcpServers": {',
    '\t\t"git": {',
    '\t\t\t"command": "git-mcp", // the good one',
    '\t\t\t"args": ["-v"],',
    '\t\t\t"x-note": 1,',
    '\t\t},',
    '\t},',
    '}',
    '',
  ]
  const crlf = (rows: string[]) => rows.join('\r\n')

  it('changes nothing but the value: comments, unknown keys, tabs, CRLF and the mark stay', async () => {
    await openWith(crlf(written))
    await config.saveEntry(git, { command: 'git-mcp', args: ['-q'], 'x-note': 1 })
    expect(read()).toBe(crlf(written).replace('"-v"', '"-q"'))
    expect(config.entry(git)).toEqual({ command: 'git-mcp', args: ['-q'], 'x-note': 1 })
  })

  it('adds and removes a server and is back at the same text', async () => {
    await openWith(crlf(written))
    await config.addEntries([{ id: memory, entry: { command: 'memory' } }])
    expect(ids()).toEqual(['git', 'memory'])
    await config.removeEntry(memory)
    expect(read()).toBe(crlf(written))
  })

  it('adds all or none', async () => {
    await openWith(withServer('git'))
    const before = read()
    const added = [
      { id: memory, entry: { command: 'x' } },
      { id: git, entry: { command: 'y' } },
    ]
    await expect(config.addEntries(added)).rejects.toMatchObject({ code: 'server_exists', status: 409 })
    expect(read()).toBe(before)
  })

  it('refuses while the file has an error, and leaves it as it is', async () => {
    const text = '{\n  "mcpServers": {{\n}'
    await openWith(text)
    await expect(config.saveEntry(git, { command: 'x' })).rejects.toMatchObject({
      code: 'config_broken',
      data: { line: 2, column: 18 },
    })
    expect(read()).toBe(text)
  })

  it('refuses an entry that cannot be used, and an id that is not there', async () => {
    await openWith(withServer('git'))
    await expect(config.saveEntry(git, { command: 1 })).rejects.toMatchObject({ code: 'invalid_entry', status: 422 })
    await expect(config.removeEntry(memory)).rejects.toMatchObject({ code: 'unknown_server', status: 404 })
  })

  it('writes into an empty file', async () => {
    await openWith('\n')
    expect(config.status().problem).toMatchObject({ message: 'the text is empty' })
    await config.saveEntry(git, { command: 'x' })
    expect([ids(), config.status().problem]).toEqual([['git'], null])
  })

  it('applies an edit to the text as it is in the file, not as it was last read', async () => {
    await openWith(withServer('a'))
    writeFileSync(path, withServer('b'))
    await config.saveEntry(git, { command: 'x' })
    expect(ids()).toEqual(['b', 'git'])
  })

  it('makes edits that are asked for at once one after another', async () => {
    await openWith(null)
    const many = Array.from({ length: 12 }, (_, index) => `s${index}` as ServerId)
    await Promise.all(many.map((id) => config.saveEntry(id, { command: 'x' })))
    expect(ids()).toEqual(many)
    expect(readdirSync(folder)).toEqual(['mcp.json'])
  })

  it.skipIf(process.platform === 'win32')('keeps the mode of the file', async () => {
    await openWith(withServer('a'))
    chmodSync(path, 0o640)
    await config.saveEntry(git, { command: 'x' })
    expect(statSync(path).mode & 0o777).toBe(0o640)
  })

  it('says which file it cannot write', async () => {
    await openWith(null)
    writeFileSync(join(folder, 'plain'), '')
    const inside = join(folder, 'plain', 'mcp.json')
    await using blocked = await openConfigFile({ path: inside, onChange() {} })
    await expect(blocked.saveEntry(git, { command: 'x' })).rejects.toMatchObject({
      code: 'config_unwritable',
      message: expect.stringContaining(inside),
    })
  })
})
