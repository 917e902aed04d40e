import assert from 'node:assert/strict'
import { chmod, copyFile, mkdir, symlink, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { type Bench, stdio, testServer, tuned } from './bench.ts'
import type { Catalogue } from './fault.ts'

/** An entry that would be started again if that could help. */
const retried = (name: string, ...args: string[]) => tuned({ restart: true }, name, ...args)

function neverRetried(bench: Bench): void {
  const states = bench.engine.states(bench.id)
  assert.ok(!states.includes('backing_off'), `it is not tried again: ${states}`)
}

/** A file with a text in the row's folder, executable unless told. */
async function program(bench: Bench, name: string, content: string | Buffer, mode = 0o755): Promise<string> {
  const file = join(bench.folder, name)
  await writeFile(file, content)
  await chmod(file, mode)
  return file
}

const odd = [
  'two words',
  '"quoted"',
  "it's",
  '$(touch x)',
  '`x`',
  '🦆',
  '\u05e9\u05dc\u05d5\u05dd',
  '*',
  '',
  '\\n',
  '%PATH%',
]

/** What can go wrong before a server has answered. */
export const starts: Catalogue = {
  section: 'A',
  faults: [
    {
      row: 1,
      title: 'command not found',
      transport: 'stdio',
      server: () => ({ command: 'no-such-program', signalbox: { restart: true } }),
      start: { state: 'failed', code: 'command_not_found', message: /^no-such-program is not on PATH; looked in \d+/ },
      async script(bench) {
        neverRetried(bench)
        const item = bench.engine.snapshot.attention.find(({ server }) => server === bench.id)
        assert.equal(item?.action.kind, 'open_config')
      },
    },
    {
      row: 2,
      title: 'cwd missing',
      transport: 'stdio',
      server: ({ folder }) => ({ ...stdio('echo')(), cwd: join(folder, 'gone'), signalbox: { restart: true } }),
      start: { state: 'failed', code: 'cwd_missing', message: /^Folder .*gone does not exist/ },
      script: async (bench) => neverRetried(bench),
    },
    {
      row: 3,
      title: 'not executable, or a directory',
      transport: 'stdio',
      server: ({ folder }) => ({ command: folder, signalbox: { restart: true } }),
      start: { state: 'failed', code: 'not_executable', message: /is not an executable file/ },
      async script(bench) {
        const command = await program(bench, 'plain.txt', 'hello', 0o644)
        await bench.configure({ command, signalbox: { restart: true } })
        await bench.becomes({
          state: 'failed',
          code: 'not_executable',
          message: /plain\.txt is not an executable file/,
        })
        neverRetried(bench)
      },
    },
    {
      row: 4,
      title: 'executable text without #!',
      transport: 'stdio',
      server: async (bench) => ({ command: await program(bench, 'script', 'nosuchword --now\n') }),
      start: { state: 'failed', code: 'server_exited', message: /Exited with code 127.*nosuchword.*not found/ },
      async script(bench) {
        assert.equal((await bench.run()).exit_code, 127)
        assert.match((await bench.run()).stderr_tail, /nosuchword/)
      },
    },
    {
      row: 5,
      title: 'args or env too large',
      transport: 'stdio',
      server: () => ({ ...stdio('echo')(), env: { BIG: 'x'.repeat(200_000) }, signalbox: { restart: true } }),
      start: { state: 'failed', code: 'arguments_too_long', message: /too long, \d+ KB/ },
      async script(bench) {
        await bench.configure({ ...stdio('echo')(), args: ['x'.repeat(200_000)], signalbox: { restart: true } })
        await bench.ask('start')
        await bench.becomes({ state: 'failed', code: 'arguments_too_long' })
        neverRetried(bench)
      },
    },
    {
      row: 6,
      title: 'NUL or empty command',
      transport: 'stdio',
      async script(bench) {
        for (const entry of [{ command: '' }, { command: 'a\0b' }, { command: 'node', args: ['a\0b'] }]) {
          const { status, body } = await bench.engine.request('PUT', `/servers/${bench.id}/config`, { entry })
          assert.equal(status, 422, JSON.stringify(body))
          assert.equal(body.code, 'invalid_entry')
        }
        assert.equal(bench.engine.server(bench.id), null, 'nothing was saved')
      },
    },
    {
      row: 7,
      title: 'path with spaces, quotes, $(x), emoji, RTL, 255 bytes',
      transport: 'stdio',
      async server(bench) {
        const folder = join(bench.folder, 'a "b" $(c) 🦆 \u05e9\u05dc\u05d5\u05dd')
        await mkdir(folder)
        const command = join(folder, 'n'.repeat(255))
        await symlink(process.execPath, command)
        for (const name of ['bad-start.mjs', 'raw-server.mjs']) await copyFile(testServer(name), join(folder, name))
        return { command, args: [join(folder, 'bad-start.mjs'), 'argv', ...odd], cwd: folder }
      },
      async script(bench) {
        const { result } = await bench.answers({ tool: 'argv', status: 'completed' })
        assert.deepEqual(JSON.parse(result.content[0].text), ['argv', ...odd])
      },
    },
    {
      row: 8,
      title: 'exits at once, code 3',
      transport: 'stdio',
      server: stdio('exits-at-once'),
      start: { state: 'failed', code: 'server_exited', message: /^Exited with code 3 before it answered/ },
      async script(bench) {
        const { exit_code, signal, started_at, ended_at, cause } = await bench.run()
        assert.deepEqual([exit_code, signal, cause], [3, null, 'start_failed'])
        assert.ok(Date.parse(ended_at) >= Date.parse(started_at))
      },
    },
    {
      row: 9,
      title: 'exits with the reason on stderr',
      transport: 'stdio',
      server: stdio('bad-start', 'reason'),
      start: { state: 'failed', code: 'server_exited', message: /: Error: API_KEY is missing$/ },
      async script(bench) {
        const { stderr_tail } = await bench.run()
        assert.equal(stderr_tail.split('\n').length, 41)
        assert.equal((await bench.lines('at frame')).length, 40)
      },
    },
    {
      row: 10,
      title: 'never answers initialize',
      transport: 'stdio',
      server: tuned({ start_timeout_ms: 800, era: 'auto' }, 'never-answers'),
      start: { state: 'failed', code: 'handshake_timeout', message: /no answer .* for 800 ms/, afterMs: 800 },
    },
    {
      row: 11,
      title: 'closes stdout, stays alive',
      transport: 'stdio',
      server: stdio('closes-stdout'),
      start: { state: 'failed', code: 'closed_output', message: /closed its output/ },
    },
    {
      row: 12,
      title: 'never reads stdin',
      transport: 'stdio',
      server: tuned({ start_timeout_ms: 800 }, 'bad-start', 'deaf'),
      start: { state: 'failed', code: 'not_reading_input', message: /not reading its input/, afterMs: 800 },
    },
    {
      row: 13,
      title: 'asks a question',
      transport: 'stdio',
      server: tuned({ start_timeout_ms: 800 }, 'bad-start', 'asks'),
      start: {
        state: 'failed',
        code: 'asks_question',
        message: /waiting for an answer that it cannot get: Ok to proceed\? \(y\)/,
        afterMs: 800,
      },
      script: async (bench) => assert.match(bench.failure?.hint ?? '', /-y/),
    },
    {
      row: 14,
      title: 'first run downloads',
      transport: 'stdio',
      async server(bench) {
        const lines = 'for n in 1 2 3 4 5 6; do echo "added $n packages" >&2; sleep 0.25; done'
        const text = `#!/bin/sh\n${lines}\nexec '${process.execPath}' '${testServer('echo')}'\n`
        return { command: await program(bench, 'npx', text), signalbox: { era: 'legacy', start_timeout_ms: 30_000 } }
      },
      start: { state: 'starting' },
      async script(bench) {
        await bench.logs('added 2 packages')
        assert.equal(bench.server.state, 'starting', 'its output is seen while it installs')
        assert.match(bench.server.reason ?? '', /installing/)
        await bench.becomes({ state: 'ready', afterMs: 1500 })
        assert.deepEqual([bench.server.restarts, bench.server.last_error], [0, null])
      },
    },
    {
      row: 15,
      title: 'binds a taken port',
      transport: 'stdio',
      async script(bench) {
        const holder = createServer()
        await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve))
        const { port } = holder.address() as { port: number }
        try {
          await bench.configure(retried('bad-start', 'port', String(port))())
          await bench.ask('start')
          // The figure itself has the port.
          const message = new RegExp(`port ${port} is used by process ${process.pid} \\(.*node`, 'i')
          await bench.becomes({ state: 'failed', code: 'port_in_use', message })
          neverRetried(bench)
        } finally {
          holder.close()
        }
      },
    },
    {
      row: 16,
      title: 'protocol version unknown',
      transport: 'stdio',
      server: retried('wrong-version'),
      start: { state: 'failed', code: 'protocol_version_unsupported', message: /speaks .*; Signalbox speaks .*2025/ },
      script: async (bench) => neverRetried(bench),
    },
    {
      row: 17,
      title: 'dies when probed with server/discover',
      transport: 'stdio',
      server: tuned({ era: 'auto' }, 'dies-on-probe'),
      async script(bench) {
        await bench.ask('restart')
        const causes = async (): Promise<string> => {
          const { items } = await bench.engine.get(`/servers/${bench.id}/runs`)
          return items.map(
            (run: { cause: string | null; ready_at: string | null }) => run.cause ?? run.ready_at !== null,
          )
        }
        await bench.sees('a second life', async () => `${await causes()}` === 'true,stopped,probe_failed')
        await bench.becomes({ state: 'ready' })
      },
    },
    {
      row: 18,
      title: 'wrong architecture, missing interpreter',
      transport: 'stdio',
      server: async (bench) => ({ command: await program(bench, 'tool', '#!/usr/bin/env no-such-language\n') }),
      start: { state: 'failed', code: 'interpreter_missing', message: /no-such-language/ },
      async script(bench) {
        const absolute = await program(bench, 'absolute', '#!/nowhere/python9 -u\n')
        await bench.configure({ command: absolute })
        await bench.becomes({ state: 'failed', code: 'interpreter_missing', message: /\/nowhere\/python9/ })
        const elf = Buffer.alloc(64)
        elf.write('\x7fELF\x02\x01\x01', 'latin1')
        elf.writeUInt16LE(2, 16)
        // EM_S390: no machine that this runs on.
        elf.writeUInt16LE(22, 18)
        await bench.configure({ command: await program(bench, 'foreign', elf) })
        await bench.becomes({ state: 'failed', code: 'wrong_architecture', message: /foreign is built for another/ })
      },
    },
    {
      row: 19,
      title: 'forks and exits 0',
      transport: 'stdio',
      server: stdio('bad-start', 'daemon'),
      start: { state: 'failed', code: 'left_foreground', message: /left the foreground/i },
    },
    {
      row: 20,
      title: 'same server started twice at once',
      transport: 'stdio',
      async script(bench) {
        await bench.configure(stdio('echo')())
        await Promise.all([bench.ask('start'), bench.ask('start'), bench.ask('start')])
        await bench.becomes({ state: 'ready' })
        const { items } = await bench.engine.get(`/servers/${bench.id}/runs`)
        assert.equal(items.length, 1, 'one process')
      },
    },
  ],
}
