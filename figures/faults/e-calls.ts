import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Json } from '../program.ts'
import { type Bench, stdio, testServer, tuned } from './bench.ts'
import { EngineUnderTest } from './engine-under-test.ts'
import type { Catalogue } from './fault.ts'

async function stops(bench: Bench, afterMs = 0): Promise<void> {
  await bench.ask('stop')
  await bench.becomes({ state: 'stopped', afterMs })
}

/** Waits until the server has this many calls. */
async function sent(bench: Bench, call: string): Promise<void> {
  await bench.sees('the call', async () => (await bench.events(call, 'sent')).length === 1)
}

/** Calls with at most 20 of their requests at once. */
async function callMany(bench: Bench, tool: string, args: object[]): Promise<string[]> {
  const calls: string[] = []
  for (let from = 0; from < args.length; from += 20) {
    calls.push(...(await Promise.all(args.slice(from, from + 20).map((one) => bench.call(tool, one)))))
  }
  return calls
}

/** On the disk of the home: it is told before and when it is full, what was on record stays, and it goes on by itself. */
async function fillsOurDisk(bench: Bench, disk: string): Promise<void> {
  await mkdir(disk)
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64m', 'tmpfs', disk])
  try {
    await using engine = await EngineUnderTest.start(join(disk, 'home'))
    const banner = (code: string): Promise<void> =>
      engine.until(`the banner ${code}`, () => engine.snapshot.banner?.code === code, 10_000)
    await banner('disk_low')
    const entry = { ...stdio('bad-flow')(), env: { FAULT_MARK: bench.mark } }
    await engine.request('PUT', '/servers/filler/config', { entry })
    await engine.request('POST', '/servers/filler/start?wait_s=20')
    const before = await engine.call('filler', 'tool_error', {})
    await engine.ended(before, 5000)
    const all = join(disk, 'all')
    const filling = await engine.call('filler', 'fill', { file: all })
    assert.equal((await engine.ended(filling, 10_000)).error?.code, 'tool_error')
    // The next to write finds the disk full.
    await engine.request('POST', '/tasks', { agent: 'filler', action: 'tool_error' })
    await banner('disk_full')
    await rm(all)
    await banner('disk_low')
    const after = await engine.ended(await engine.call('filler', 'tool_error', {}), 5000)
    assert.equal(after.error?.code, 'tool_error')
    for (const id of [before, filling]) assert.equal((await engine.get(`/tasks/${id}`)).error?.code, 'tool_error')
  } finally {
    execFileSync('umount', [disk])
  }
}

const oomScore = async (pid: number): Promise<number> => Number(await readFile(`/proc/${pid}/oom_score_adj`, 'utf8'))

/** Calls that are not answered, and servers that do not end. */
export const calls: Catalogue = {
  section: 'E',
  faults: [
    {
      row: 64,
      title: 'call hangs',
      transport: 'stdio',
      server: stdio('bad-flow'),
      calls: [
        { tool: 'hang', timeoutMs: 300, status: 'timed_out', code: 'timed_out', message: /in 300 ms/, afterMs: 300 },
      ],
      async script(bench) {
        await bench.sees('the cancellation', async () => (await bench.noted('cancelled')).length === 1)
      },
    },
    {
      row: 65,
      title: 'ignores cancel',
      transport: 'stdio',
      server: stdio('bad-protocol'),
      async script(bench) {
        const call = await bench.call('late', { after_ms: 600 })
        await sent(bench, call)
        await bench.engine.request('DELETE', `/tasks/${call}`)
        bench.holds(await bench.ended(call), { tool: 'late', status: 'cancelled' })
        await bench.answers({ tool: 'lists', status: 'completed' })
        await bench.sees('the late answer', async () => (await bench.events(call, 'late_answer')).length === 1, 600)
      },
    },
    {
      row: 66,
      title: 'exits with 20 calls pending',
      transport: 'stdio',
      server: tuned({ restart: true }, 'bad-flow'),
      async script(bench) {
        const args = Array.from({ length: 20 }, () => ({}))
        for (const call of await callMany(bench, 'exit_after_20', args)) {
          const expected = { status: 'failed', code: 'server_exited', message: /Exited with code 7/ } as const
          bench.holds(await bench.ended(call), { tool: 'exit_after_20', ...expected })
        }
        await bench.sees('a restart', () => bench.server.restarts === 1 && bench.server.state === 'ready', 1200)
      },
    },
    {
      row: 67,
      title: 'SIGSEGV',
      transport: 'stdio',
      server: stdio('bad-flow'),
      calls: [{ tool: 'segv', status: 'failed', code: 'server_crashed', message: /SIGSEGV/ }],
      async script(bench) {
        await bench.becomes({ state: 'failed', code: 'server_crashed', message: /SIGSEGV/ })
        assert.equal((await bench.run()).signal, 'SIGSEGV')
      },
    },
    {
      row: 68,
      title: 'stops reading stdin during many calls',
      transport: 'stdio',
      server: tuned({ timeout_ms: 6000 }, 'stops-reading'),
      async script(bench) {
        const tool = (await bench.tools())[0]!.name
        const args = Array.from({ length: 60 }, () => ({ padding: 'x'.repeat(900_000) }))
        const ids = await callMany(bench, tool, args)
        const tasks = await Promise.all(ids.map((id) => bench.ended(id, 6000)))
        const refused = tasks.filter(({ error }) => error?.code === 'not_reading_input')
        assert.ok(refused.length > 0, 'calls beyond what may wait are refused')
        const others = new Set(tasks.filter((task) => !refused.includes(task)).map(({ status }) => status))
        assert.deepEqual([...others], ['timed_out'])
      },
      growsMb: 600,
    },
    {
      row: 69,
      title: 'out-of-order, interleaved answers to 500 calls',
      transport: 'stdio',
      server: tuned({ timeout_ms: 60_000 }, 'bad-flow'),
      async script(bench) {
        const args = Array.from({ length: 500 }, (_, number) => ({ number, of: 500 }))
        const ids = await callMany(bench, 'shuffled', args)
        for (const [place, id] of ids.entries()) {
          const { result } = await bench.ended(id, 3000)
          assert.equal(result.content[0].text, String(args[place]!.number), 'each answer goes to its caller')
        }
      },
    },
    {
      row: 70,
      title: 'isError: true',
      transport: 'stdio',
      server: stdio('bad-flow'),
      calls: [
        {
          tool: 'tool_error',
          status: 'failed',
          code: 'tool_error',
          message: /^There is no such file$/,
          result: /isError/,
        },
      ],
      script: async (bench) => assert.equal(bench.server.state, 'ready'),
    },
    {
      row: 71,
      title: 'content of unknown type, 5 MB image',
      transport: 'stdio',
      server: stdio('bad-flow'),
      async script(bench) {
        const { result } = await bench.answers({ tool: 'odd_content', status: 'completed' })
        const [hologram, image] = result.content
        assert.deepEqual(hologram, { type: 'hologram', beams: [1, 2.5, null], nested: { 'x-kept': '🦆' } })
        assert.ok(image.data === 'iVBORw0K'.repeat(655_360), 'every byte of the image is there')
        assert.deepEqual(result['x-unknown'], { kept: true })
      },
    },
    {
      row: 72,
      title: 'ignores EOF',
      transport: 'stdio',
      server: stdio('ignores-stdin-eof'),
      async script(bench) {
        await stops(bench, 800)
        assert.equal((await bench.run()).signal, 'SIGTERM')
        await bench.logs('sends SIGTERM')
      },
    },
    {
      row: 73,
      title: 'ignores EOF and SIGTERM',
      transport: 'stdio',
      server: stdio('ignores-sigterm'),
      async script(bench) {
        await stops(bench, 1200)
        assert.equal((await bench.run()).signal, 'SIGKILL')
        await bench.logs('sends SIGKILL')
      },
    },
    {
      row: 74,
      title: 'exited, grandchild holds the pipe',
      transport: 'stdio',
      server: stdio('spawns-grandchild'),
      async script(bench) {
        const { result } = await bench.answers({ tool: 'grandchild', status: 'completed' })
        await bench.notePid(Number(result.content[0].text))
        process.kill(bench.server.pid!, 'SIGKILL')
        await bench.becomes({ state: 'failed', code: 'server_crashed' })
      },
    },
    {
      row: 75,
      title: 'own-session child',
      transport: 'stdio',
      server: stdio('bad-flow'),
      calls: [{ tool: 'daemon', status: 'completed' }],
      script: (bench) => stops(bench, 1800),
    },
    {
      row: 76,
      title: 'respawns itself',
      transport: 'stdio',
      server: stdio('bad-flow'),
      calls: [
        { tool: 'revived', status: 'completed' },
        { tool: 'reborn', status: 'completed' },
      ],
      async script(bench) {
        await stops(bench, 3000)
        await bench.logs('keeps coming back')
      },
    },
    {
      row: 77,
      title: 'zombies',
      transport: 'stdio',
      server: stdio('spawns-grandchild'),
      async script(bench) {
        for (let round = 0; round < 3; round++) {
          await stops(bench, 1200)
          await bench.ask('start')
          await bench.becomes({ state: 'ready' })
        }
      },
    },
    {
      row: 78,
      title: 'stopped with SIGSTOP',
      transport: 'stdio',
      server: stdio('bad-flow'),
      calls: [
        { tool: 'suspend', status: 'completed' },
        { tool: 'hang', timeoutMs: 200, status: 'timed_out', afterMs: 200 },
      ],
      script: (bench) => stops(bench, 1800),
    },
    {
      row: 79,
      title: 'memory leak to the end',
      transport: 'stdio',
      server: () => ({
        command: process.execPath,
        args: ['--max-old-space-size=32', testServer('bad-flow')],
        signalbox: { era: 'legacy', timeout_ms: 20_000 },
      }),
      async script(bench) {
        const [app, server] = await Promise.all([oomScore(bench.engine.pid), oomScore(bench.server.pid!)])
        assert.ok(server > app, `the system ends the server (${server}) before the app (${app})`)
        const task = await bench.ended(await bench.call('leak'), 10_000)
        bench.holds(task, { tool: 'leak', status: 'failed', code: 'server_crashed', message: /out of memory/i })
        await bench.becomes({ state: 'failed', code: 'server_crashed', message: /out of memory/i })
      },
    },
    {
      row: 80,
      title: 'CPU spin',
      transport: 'stdio',
      // Who has a limit is looked at though nobody looks; this one is never met.
      server: tuned({ cpu_limit_percent: 10_000 }, 'bad-flow'),
      async script(bench) {
        const call = await bench.call('spin', { ms: 9000 })
        const isShown = async (): Promise<boolean> => {
          const { samples } = await bench.engine.get('/usage')
          const own = samples.flatMap(({ servers }: Json) => servers).filter(({ id }: Json) => id === bench.id)
          return own.some(({ cpu_percent }: Json) => cpu_percent > 5)
        }
        await bench.sees('its processor time', isShown, 11_000)
        bench.holds(await bench.ended(call, 9000), { tool: 'spin', status: 'completed' })
      },
    },
    {
      row: 81,
      title: 'fills the disk with its own files',
      transport: 'stdio',
      needs: 'root',
      server: stdio('bad-flow'),
      async script(bench) {
        const disk = join(bench.folder, 'disk')
        await mkdir(disk)
        execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', disk])
        try {
          const args = { file: join(disk, 'all') }
          await bench.answers({ tool: 'fill', args, status: 'failed', code: 'tool_error', message: /ENOSPC/ })
          await bench.answers({ tool: 'tool_error', status: 'failed', code: 'tool_error' })
        } finally {
          execFileSync('umount', [disk])
        }
        await fillsOurDisk(bench, join(bench.folder, 'ours'))
      },
    },
    {
      row: 82,
      title: 'writes to our data folder, marker tricks',
      transport: 'stdio',
      server: stdio('bad-flow'),
      async script(bench) {
        const file = join(bench.engine.home, 'mcp.json')
        const content = await readFile(file, 'utf8')
        await bench.answers({ tool: 'forged_marker', status: 'completed' })
        await bench.answers({ tool: 'overwrite', args: { file, content: '{ "mcpServers": ' }, status: 'completed' })
        await bench.sees('the broken file', () => bench.engine.snapshot.config.problem !== null)
        await bench.answers({ tool: 'tool_error', status: 'failed', code: 'tool_error' })
        await bench.answers({ tool: 'overwrite', args: { file, content }, status: 'completed' })
        await bench.sees('the mended file', () => bench.engine.snapshot.config.problem === null)
        await stops(bench, 1800)
      },
    },
  ],
}
