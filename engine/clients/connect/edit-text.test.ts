import { describe, expect, it } from 'vitest'
import type { TextSyntax } from '../decode-text.ts'
import { type Change, editText, entryTextIn } from './edit-text.ts'

const rows = (...lines: string[]) => lines.join('\n')
const crlf = (text: string) => text.replaceAll('\n', '\r\n')
const entry = { command: '/opt/node', args: ['cli.mjs', 'connect'] }

/** A text with `+` before the lines that the edit adds, in each syntax. */
interface Case {
  name: string
  syntax: TextSyntax
  path: string[]
  text: string
}

const cases: Case[] = [
  {
    name: 'TOML behind other tables',
    syntax: 'toml',
    path: ['mcp_servers', 'signalbox'],
    text: rows(
      'model = "o9" # the model',
      '',
      '[mcp_servers.docs] # mine',
      'args = ["""',
      '[mcp_servers.signalbox]',
      '""", "]#"]',
      '# last words',
      '+',
      '+[mcp_servers.signalbox]',
      '+command = "/opt/node"',
      '+args = ["cli.mjs", "connect"]',
      '',
    ),
  },
  {
    name: 'YAML in a map with comments',
    syntax: 'yaml',
    path: ['extensions', 'signalbox'],
    text: rows(
      '# mine',
      'extensions: # all',
      '    dev:',
      '        note: |',
      '          signalbox:',
      '            nothing',
      '        cmd: x # why',
      '+    signalbox:',
      '+        command: "/opt/node"',
      '+        args: ["cli.mjs", "connect"]',
      '# after',
      'other: 1',
      '',
    ),
  },
  {
    name: 'YAML without the key',
    syntax: 'yaml',
    path: ['extensions', 'signalbox'],
    text: rows(
      'other: 1 # one',
      '+extensions:',
      '+  signalbox:',
      '+    command: "/opt/node"',
      '+    args: ["cli.mjs", "connect"]',
      '',
    ),
  },
  {
    name: 'YAML with an empty value',
    syntax: 'yaml',
    path: ['extensions', 'signalbox'],
    text: rows(
      'extensions: # none yet',
      '+  signalbox:',
      '+    command: "/opt/node"',
      '+    args: ["cli.mjs", "connect"]',
      'other: 1',
      '',
    ),
  },
  {
    name: 'YAML with comments alone',
    syntax: 'yaml',
    path: ['extensions', 'signalbox'],
    text: rows(
      '# nothing yet',
      '+extensions:',
      '+  signalbox:',
      '+    command: "/opt/node"',
      '+    args: ["cli.mjs", "connect"]',
      '',
    ),
  },
  {
    name: 'JSON with a trailing comma and blank lines',
    syntax: 'jsonc',
    path: ['mcpServers', 'signalbox'],
    text: rows(
      '{ // mine',
      '\t"mcpServers": {',
      '\t\t"a": {"command":"x"}, // why',
      '+\t\t"signalbox": {',
      '+\t\t\t"command": "/opt/node",',
      '+\t\t\t"args": ["cli.mjs", "connect"]',
      '+\t\t},',
      '',
      '\t},',
      '}',
    ),
  },
]

const bare = (text: string) => text.replace(/^\+.*\n/gm, '')
const edited = (text: string) => text.replace(/^\+/gm, '')

describe('editText', () => {
  it.each(cases)('adds lines alone: $name', ({ syntax, path, text }) => {
    const set: Change = { kind: 'set', path, entry }
    expect(editText(bare(text), syntax, [set])).toBe(edited(text))
    expect(editText(`\uFEFF${crlf(bare(text))}`, syntax, [set])).toBe(`\uFEFF${crlf(edited(text))}`)
  })

  it.each(cases)('sets the same again without a change: $name', ({ syntax, path, text }) => {
    expect(editText(edited(text), syntax, [{ kind: 'set', path, entry }])).toBe(edited(text))
  })

  it.each(cases.filter(({ name }) => !/without|empty|alone/.test(name)))(
    'takes the entry out again: $name',
    ({ syntax, path, text }) => {
      expect(editText(edited(text), syntax, [{ kind: 'remove', path }])).toBe(bare(text))
      expect(editText(crlf(edited(text)), syntax, [{ kind: 'remove', path }])).toBe(crlf(bare(text)))
    },
  )

  it('replaces a TOML table with what lies below it, in its place', () => {
    const text = rows(
      '[mcp_servers.signalbox] # ours',
      'command = "old"',
      '# theirs',
      '[mcp_servers.signalbox.env]',
      'A = "1"',
      '# of docs',
      '[mcp_servers.docs]',
      'command = "d"',
      '',
    )
    expect(
      editText(text, 'toml', [{ kind: 'set', path: ['mcp_servers', 'signalbox'], entry: { url: 'http://x' } }]),
    ).toBe(rows('[mcp_servers.signalbox]', 'url = "http://x"', '# of docs', '[mcp_servers.docs]', 'command = "d"', ''))
  })

  it('takes entries out of every way to write them in TOML', () => {
    const text = rows(
      "mcp_servers.one = { command = 'a', args = [",
      '  "]", # }',
      '] } # one',
      'mcp_servers."two".command = "b"',
      '[mcp_servers]',
      'three = { command = "c" }',
      '',
    )
    const without = (name: string) => editText(text, 'toml', [{ kind: 'remove', path: ['mcp_servers', name] }])
    // A table that dotted keys have made may not be opened again by a header: such a file was not valid before.
    expect(() => without('one')).toThrow(/cannot be edited/)
    const sound = text.replaceAll('mcp_servers.', 'other.')
    expect(editText(sound, 'toml', [{ kind: 'remove', path: ['other', 'one'] }])).not.toContain('# one')
    expect(editText(sound, 'toml', [{ kind: 'remove', path: ['other', 'two'] }])).not.toContain('"b"')
    expect(editText(sound, 'toml', [{ kind: 'remove', path: ['mcp_servers', 'three'] }])).not.toContain('three')
  })

  it('leaves an empty map in YAML, and none in TOML', () => {
    const yaml = rows('extensions: # mine', '  signalbox:', '    cmd: x', 'a: 1', '')
    expect(editText(yaml, 'yaml', [{ kind: 'remove', path: ['extensions', 'signalbox'] }])).toBe(
      rows('extensions: {} # mine', 'a: 1', ''),
    )
    const toml = rows('a = 1', '', '[mcp_servers.signalbox]', 'command = "x"', '')
    expect(editText(toml, 'toml', [{ kind: 'remove', path: ['mcp_servers', 'signalbox'] }])).toBe('a = 1\n')
  })

  it('adds to a YAML map in braces', () => {
    expect(
      editText('extensions: {a: {cmd: x}} # c\n', 'yaml', [
        { kind: 'set', path: ['extensions', 'b'], entry: { cmd: 'y' } },
      ]),
    ).toBe('extensions: {a: {cmd: x}, "b": {"cmd":"y"}} # c\n')
    expect(
      editText('extensions: {} # c\n', 'yaml', [{ kind: 'set', path: ['extensions', 'b'], entry: { cmd: 'on' } }]),
    ).toBe('extensions: # c\n  b:\n    cmd: "on"\n')
  })

  it('appends to a list of JSON and takes the item out again', () => {
    const item = { id: 'x', password: true }
    const text = '{\n  "inputs": [\n    { "id": "a" } // mine\n  ],\n  "servers": {}\n}\n'
    const added = editText(text, 'jsonc', [{ kind: 'append', path: ['inputs'], item }])
    expect(added).toContain('{ "id": "a" }, // mine\n    {\n      "id": "x",')
    expect(editText(added, 'jsonc', [{ kind: 'drop', path: ['inputs'], item }])).toBe(text)
  })

  it('makes a file out of nothing', () => {
    const make = (syntax: TextSyntax, path: string[]) =>
      editText('', syntax, [{ kind: 'set', path, entry: { a: 'b' } }])
    expect(make('jsonc', ['mcpServers', 'x'])).toBe('{\n  "mcpServers": {\n    "x": {\n      "a": "b"\n    }\n  }\n}\n')
    expect(make('toml', ['mcp_servers', 'x'])).toBe('[mcp_servers.x]\na = "b"\n')
    expect(make('yaml', ['extensions', 'x'])).toBe('extensions:\n  x:\n    a: b\n')
  })

  it.each<[string, TextSyntax, string]>([
    ['a key that stands there twice', 'jsonc', '{"k":{"a":1},"k":{"b":1}}'],
    ['a list in the place of the map', 'jsonc', '{"k":[1]}'],
    ['a file that is a list', 'jsonc', '[]'],
    ['an inline TOML table that is closed', 'toml', 'k = { a = { command = "x" } }'],
    ['a YAML alias', 'yaml', 'base: &b\n  a: {cmd: x}\nk: *b\n'],
    ['a YAML root in braces', 'yaml', '{k: {a: {cmd: x}}}'],
    ['a YAML text that has an end', 'yaml', '# nothing\n...\n'],
    ['a broken text', 'jsonc', '{"k":'],
  ])('refuses %s', (_name, syntax, text) => {
    expect(() => editText(text, syntax, [{ kind: 'set', path: ['k', 'signalbox'], entry }])).toThrow(
      expect.objectContaining({ code: 'cannot_edit' }),
    )
  })
})

describe('entryTextIn', () => {
  it.each(cases)('shows what stands in the file: $name', ({ syntax, path, text }) => {
    expect(entryTextIn(bare(text), syntax, path)).toBeNull()
    const shown = entryTextIn(edited(text), syntax, path)
    expect(shown).toContain('/opt/node')
    expect(edited(text)).toContain(shown)
  })
})
