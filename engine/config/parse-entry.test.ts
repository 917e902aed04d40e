import { describe, expect, it } from 'vitest'
import type { ServerId } from '../../shared/ids.ts'
import { parseEntry } from './parse-entry.ts'

const id = 'git' as ServerId
const parse = (entry: unknown) => parseEntry(id, 1, entry)

describe('parseEntry', () => {
  it('reads a local server with every field', () => {
    const entry = {
      command: 'node',
      args: ['server.js', 3000],
      env: { PORT: 80, TOKEN: '${TOKEN}' },
      cwd: '~/work',
      signalbox: { timeout_ms: 5, restart: false, era: 'legacy' },
      future: { kept: true },
    }
    expect(parse(entry)).toEqual({
      id,
      number: 1,
      transport: 'stdio',
      launch: { command: 'node', args: ['server.js', '3000'], env: { PORT: '80', TOKEN: '${TOKEN}' }, cwd: '~/work' },
      remote: null,
      settings: {
        timeoutMs: 5,
        maxTotalTimeoutMs: 900_000,
        startTimeoutMs: 30_000,
        stopGraceMs: 5_000,
        maxMessageBytes: 64 * 1024 * 1024,
        restart: false,
        restartUnresponsive: false,
        slug: null,
        era: 'legacy',
        idleStopMs: null,
        clientProcesses: null,
        watch: [],
        memoryLimitMb: null,
        cpuLimitPercent: null,
        onDemand: false,
      },
      entry,
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
      problem: null,
    })
  })

  it.each([
    [{ url: 'https://a.example/mcp' }, 'http'],
    [{ type: 'streamable-http', url: 'https://a.example/mcp' }, 'http'],
    [{ type: 'streamableHttp', url: 'https://a.example/mcp' }, 'http'],
    [{ httpUrl: 'https://a.example/mcp' }, 'http'],
    [{ serverUrl: 'https://a.example/mcp' }, 'http'],
    [{ type: 'sse', url: 'https://a.example/mcp' }, 'sse'],
  ])('reads a remote server from %j', (entry, transport) => {
    const spec = parse({ ...entry, headers: { 'X-Key': 'k' } })
    expect([spec.transport, spec.remote, spec.problem]).toEqual([
      transport,
      { url: 'https://a.example/mcp', headers: { 'X-Key': 'k' } },
      null,
    ])
  })

  it.each([
    ['npx', ['-y', 'x'], 120_000],
    ['C:\\Program Files\\nodejs\\npx.cmd', [], 120_000],
    ['cmd', ['/c', 'npx', 'x'], 120_000],
    ['/usr/bin/docker', ['run'], 120_000],
    ['pnpm', ['dlx', 'x'], 120_000],
    ['pnpm', ['start'], 30_000],
    ['node', ['npx'], 30_000],
  ])('gives %s %j the time it needs to start', (command, args, startTimeoutMs) => {
    expect(parse({ command, args }).settings.startTimeoutMs).toBe(startTimeoutMs)
  })

  it.each([
    [[], 'invalid_entry', 'git: the entry must be an object.'],
    [{}, 'command_missing', 'git: command is missing (or url, for a remote server).'],
    [{ type: 'stdio' }, 'command_missing', 'git: command is missing.'],
    [{ type: 'http' }, 'url_missing', 'git: url is missing.'],
    [{ type: 'ws', url: 'x' }, 'unknown_transport', 'git: type must be stdio, http, streamable-http or sse.'],
    [{ type: 'toString', url: 'x' }, 'unknown_transport', 'git: type must be stdio, http, streamable-http or sse.'],
    [
      { command: 'x', url: 'http://a' },
      'ambiguous_transport',
      'git: both command and url stand there: say which with type.',
    ],
    [{ command: 7 }, 'invalid_entry', 'git: command must be a string.'],
    [{ command: ' ' }, 'invalid_entry', 'git: command must not be empty.'],
    [{ command: 'a\0b' }, 'invalid_entry', 'git: command must not hold a NUL character.'],
    [{ command: 'x', args: '-y' }, 'invalid_entry', 'git: args must be a list.'],
    [{ command: 'x', args: ['-y', null] }, 'invalid_entry', 'git: args[1] must be a string.'],
    [{ command: 'x', env: [] }, 'invalid_entry', 'git: env must be an object.'],
    [{ command: 'x', env: { A: {} } }, 'invalid_entry', 'git: env.A must be a string.'],
    [{ command: 'x', env: { 'A=B': '1' } }, 'invalid_entry', 'git: env.A=B is not a name that can stand there.'],
    [
      { url: 'http://a', headers: { 'A B': '1' } },
      'invalid_entry',
      'git: headers.A B is not a name that can stand there.',
    ],
    [{ url: 'http://a', headers: { A: '1\r\nB: 2' } }, 'invalid_entry', 'git: headers.A must be one line.'],
    [{ command: 'x', cwd: 1 }, 'invalid_entry', 'git: cwd must be a string.'],
    [{ url: 'ftp://a' }, 'invalid_entry', 'git: url must be an http or https URL.'],
    [{ url: 'http://a', headers: { A: null } }, 'invalid_entry', 'git: headers.A must be a string.'],
    [{ command: 'x', signalbox: [] }, 'invalid_setting', 'git: signalbox must be an object.'],
    [{ command: 'x', signalbox: { timeout: 1 } }, 'invalid_setting', 'git: signalbox.timeout is not a setting.'],
    [
      { command: 'x', signalbox: { timeout_ms: '1' } },
      'invalid_setting',
      'git: signalbox.timeout_ms must be a whole number.',
    ],
    [
      { command: 'x', signalbox: { timeout_ms: 1.5 } },
      'invalid_setting',
      'git: signalbox.timeout_ms must be a whole number.',
    ],
    [
      { command: 'x', signalbox: { timeout_ms: 0 } },
      'invalid_setting',
      'git: signalbox.timeout_ms must be at least 1.',
    ],
    [
      { command: 'x', signalbox: { era: 'old' } },
      'invalid_setting',
      'git: signalbox.era must be auto, legacy, modern.',
    ],
  ])('says what is wrong with %j', (entry, code, message) => {
    expect(parse(entry).problem).toEqual({ code, message, hint: 'Correct the entry "git" in mcp.json.' })
  })

  it('leaves a URL with variables to be checked once they are expanded', () => {
    expect(parse({ url: '${BASE:-https://a.example}/mcp' }).problem).toBeNull()
  })

  it('has a hash that changes exactly with what is launched or connected to', () => {
    const base = { command: 'x', args: ['1'], env: { A: '1', B: '2' } }
    const same = [
      { ...base, env: { B: '2', A: '1' } },
      { ...base, type: 'stdio', note: 'for me' },
      { ...base, signalbox: { timeout_ms: 5, restart: false } },
    ]
    const other = [
      { ...base, args: ['2'] },
      { ...base, env: { A: '1' } },
      { ...base, cwd: '/' },
      { ...base, signalbox: { era: 'modern' } },
      { url: 'http://a' },
      { url: 'http://a', type: 'sse' },
      { url: 'http://a', headers: { A: '1' } },
    ]
    const { hash } = parse(base)
    expect(same.map((entry) => parse(entry).hash)).toEqual(same.map(() => hash))
    expect(new Set([hash, ...other.map((entry) => parse(entry).hash)]).size).toBe(other.length + 1)
  })

  it.each([
    [
      { clientId: 'a', scopes: ['x', 'y'] },
      { clientId: 'a', clientSecret: null, scope: 'x y' },
    ],
    [
      { client_id: 'a', client_secret: '${secret:S}' },
      { clientId: 'a', clientSecret: '${secret:S}', scope: null },
    ],
    [{ enabled: true }, { clientId: null, clientSecret: null, scope: null }],
    [true, undefined],
  ])('takes who we are to an authorization server as other programs write it: %j', (oauth, expected) => {
    const { problem, remote } = parse({ url: 'https://mcp.example/mcp', oauth })
    expect([problem, remote?.oauth]).toEqual([null, expected])
  })
})
