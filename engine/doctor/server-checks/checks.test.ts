import { describe, expect, it } from 'vitest'
import { judgeFreeSpace } from '../home-checks/home-folder.ts'
import { refusals } from './client-demands.ts'
import { portIn } from './port.ts'

describe('a port that an entry names', () => {
  it.each([
    ['in a variable', { env: { HTTP_PORT: '3000' } }, 3000, { env: { HTTP_PORT: '4000' } }],
    ['behind its option', { args: ['--port', '3000', 'x'] }, 3000, { args: ['--port', '4000', 'x'] }],
    ['joined to its option', { args: ['--http-port=3000'] }, 3000, { args: ['--http-port=4000'] }],
    ['behind the short option', { args: ['-p', '3000'] }, 3000, { args: ['-p', '4000'] }],
  ])('is found %s, and put there anew', (_where, entry, port, changed) => {
    const named = portIn(entry, { env: {}, args: [], ...entry })
    expect([named?.port, named?.with(4000)]).toEqual([port, changed])
  })

  it.each([
    ['a word', { PORT: 'auto' }, []],
    ['a number that is none', {}, ['--port', '70000']],
    ['a path', {}, ['--port-file', '/tmp/port']],
  ])('is not taken for one: %s', (_what, env: Record<string, string>, args) => {
    expect(portIn({ env, args }, { env, args })).toBeNull()
  })
})

it('says of each program what it refuses in a tool', () => {
  const object = { type: 'object' }
  const tools = [
    { name: 'fine', inputSchema: { ...object, properties: { a: { type: 'array', items: {} } } } },
    { name: 'bare' },
    { name: 'deep', inputSchema: { ...object, properties: { a: { anyOf: [{ type: 'array' }, { enum: [1] }] } } } },
    { name: 'top', inputSchema: { ...object, anyOf: [] } },
    { name: 'odd', inputSchema: { ...object, properties: { 'a b': {} } }, outputSchema: {} },
    { name: 'far', inputSchema: { ...object, properties: { a: { $ref: 'https://example.com/schema' } } } },
  ]
  expect(refusals(tools)).toEqual([
    'every program: bare has no inputSchema',
    'every program: odd has an outputSchema that is not of type "object": SDK clients lose the whole list',
    'every program: far refers to the schema https://example.com/schema, which nobody fetches',
    'Claude Code, Claude Desktop: top has anyOf at the top of its inputSchema',
    'Claude Code, Claude Desktop: odd has a parameter "a b", which is not of letters, digits, _, . and -, 64 at most',
    'VS Code: deep has a list without "items"',
    'Gemini CLI: deep has an enum of other things than strings',
  ])
})

it('tells a full disk from one that fills', () => {
  const mb = 1024 * 1024
  expect([4 * mb, 400 * mb, 4_000 * mb].map((bytes) => judgeFreeSpace(bytes))).toMatchObject([
    { status: 'problem', code: 'disk_full' },
    { status: 'warning', code: 'disk_low' },
    { status: 'ok' },
  ])
})
