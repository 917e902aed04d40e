import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readdir, readlink, writeFile } from 'node:fs/promises'
import { get } from 'node:http'
import { createServer } from 'node:net'
import { join, resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Json } from '../program.ts'
import { type Bench, stdio } from './bench.ts'
import { EngineUnderTest } from './engine-under-test.ts'
import type { Catalogue } from './fault.ts'

const hour = 3_600_000

/** Another engine on a home of its own in the row's folder, with the well-behaved server `echo` in it, ready. */
async function ownEngine(bench: Bench): Promise<EngineUnderTest> {
  const engine = await EngineUnderTest.start(join(bench.folder, 'home'))
  const entry = { ...stdio('echo')(), env: { FAULT_MARK: bench.mark } }
  await engine.request('PUT', '/servers/echo/config', { entry })
  await engine.request('POST', '/servers/echo/start')
  await isReady(engine)
  return engine
}

function isReady(engine: EngineUnderTest): Promise<void> {
  return engine.until('echo ready', () => engine.server('echo')?.state === 'ready', 10_000)
}

async function socketsOf({ pid }: EngineUnderTest): Promise<number> {
  const fds = await readdir(`/proc/${pid}/fd`)
  const targets = await Promise.all(fds.map((fd) => readlink(`/proc/${pid}/fd/${fd}`).catch(() => '')))
  return targets.filter((target) => target.startsWith('socket:')).length
}

/** Runs `serve` to its end. */
function serve(...args: string[]): Promise<{ code: number; said: string }> {
  return new Promise((done) => {
    execFile(process.execPath, [resolve('cli/main.ts'), 'serve', '--no-open', ...args], (error, stdout, stderr) =>
      done({ code: Number(error?.code ?? 0), said: stdout + stderr }),
    )
  })
}

/** A reader of the engine's live log: counts lines, or never reads. */
function readLog(engine: EngineUnderTest, reader: string, onLines: ((count: number) => void) | null): () => void {
  const headers = { authorization: `Bearer ${engine.token}`, accept: 'text/event-stream' }
  const request = get(`${engine.url}/api/v1/logs?server=${reader}`, { agent: false, headers }, (response) => {
    response.on('error', () => {})
    if (onLines === null) response.pause()
    else {
      let rest = ''
      response.setEncoding('utf8').on('data', (chunk: string) => {
        const end = chunk.lastIndexOf('\n\n')
        const whole = end === -1 ? '' : rest + chunk.slice(0, end)
        rest = end === -1 ? rest + chunk : chunk.slice(end)
        if (whole !== '') onLines(linesIn(whole))
      })
    }
  })
  request.on('error', () => {})
  return () => request.destroy()
}

/** Lines in whole events of the live log, those included that a reader is told it was too slow for. */
function linesIn(events: string): number {
  const dropped = [...events.matchAll(/"dropped":(\d+)/g)].reduce((sum, [, count]) => sum + Number(count), 0)
  return events.split('"seq":').length - 1 + dropped
}

/** What happens to the app itself. Rows that another figure looks at at length have one direct check here. */
export const house: Catalogue = {
  section: 'H',
  faults: [
    {
      row: 104,
      title: 'engine killed at any moment',
      transport: 'none',
      async script(bench) {
        await using first = await ownEngine(bench)
        const calls = await Promise.all([1, 2, 3].map(() => first.call('echo', 'slow', { steps: 1000, step_ms: 50 })))
        for (const call of calls) {
          const runs = async (): Promise<boolean> => (await first.get(`/tasks/${call}`)).status === 'running'
          await bench.sees('a running call', runs)
        }
        await first.end('SIGKILL')
        await using second = await EngineUnderTest.start(first.home)
        for (const call of calls) assert.equal((await second.get(`/tasks/${call}`)).status, 'interrupted')
        const item = second.snapshot.attention.find(({ code }) => code === 'tasks_interrupted')
        assert.match(item?.message ?? '', /^3 calls were cut off/)
      },
    },
    {
      row: 105,
      title: 'renderer crash, main crash',
      transport: 'none',
      async script(bench) {
        // A page that dies is a reader that is gone: the servers keep running.
        await using first = await ownEngine(bench)
        const { pid } = first.server('echo')!
        const page = readLog(first, 'echo', () => {})
        await delay(50)
        page()
        const { result } = await first.ended(await first.call('echo', 'echo', { text: 'on' }), 5000)
        assert.deepEqual([result.content[0].text, first.server('echo')?.pid], ['on', pid])
        await first.end('SIGKILL')
        // The next start restores what was wanted.
        await using second = await EngineUnderTest.start(first.home)
        await isReady(second)
        assert.notEqual(second.server('echo')?.pid, pid)
      },
    },
    {
      row: 106,
      title: 'damaged log store, two instances',
      transport: 'none',
      async script(bench) {
        await using first = await ownEngine(bench)
        const { code, said } = await serve('--home', first.home, '--port', '0')
        assert.deepEqual([code, said.includes(first.url)], [0, true], said)
        await first.end()
        await writeFile(join(first.home, 'logs.db'), 'this is no database, and has not been one for long'.repeat(100))
        await using second = await EngineUnderTest.start(first.home)
        await isReady(second)
        assert.ok(second.snapshot.banner !== null, 'a banner tells of the damaged file')
      },
    },
    {
      row: 107,
      title: 'clock jumps, sleep',
      transport: 'none',
      async script(bench) {
        await using engine = await ownEngine(bench)
        const { pid } = engine.server('echo')!
        for (const jumpMs of [8 * hour, -16 * hour]) {
          const call = await engine.call('echo', 'slow', { steps: 3, step_ms: 100 })
          await engine.probe({ jumpMs })
          const task = await engine.ended(call, 5000)
          assert.equal(task.status, 'completed', JSON.stringify(task.error))
          assert.ok(task.duration_ms >= 200 && task.duration_ms < hour, `took ${task.duration_ms} ms`)
        }
        process.kill(engine.pid, 'SIGSTOP')
        await delay(1500)
        process.kill(engine.pid, 'SIGCONT')
        const task = await engine.ended(await engine.call('echo', 'echo', { text: 'awake' }), 5000)
        assert.equal(task.status, 'completed')
        assert.deepEqual([engine.server('echo')?.pid, engine.server('echo')?.restarts], [pid, 0])
      },
    },
    {
      row: 108,
      title: '100 readers, one frozen',
      transport: 'stdio',
      server: stdio('bad-bytes'),
      async script(bench) {
        const lines = 5000
        const counts = new Array<number>(99).fill(0)
        const before = await socketsOf(bench.engine)
        await using readers = new AsyncDisposableStack()
        for (const reader of counts.keys()) {
          readers.defer(
            readLog(bench.engine, bench.id, (count) => {
              counts[reader]! += count
            }),
          )
        }
        readers.defer(readLog(bench.engine, bench.id, null))
        // Those who come while it prints see what is new from then on: all of them are there when it begins.
        await bench.sees('100 readers', async () => (await socketsOf(bench.engine)) >= before + 100, 3000)
        await bench.answers({ tool: 'chatter', args: { lines }, timeoutMs: 60_000, status: 'completed', afterMs: 8000 })
        const late = (): number => counts.filter((count) => count < lines).length
        await bench.sees('every line at 99 readers', () => late() === 0, 8000)
      },
    },
    {
      row: 109,
      title: 'gateway port taken',
      transport: 'none',
      async script(bench) {
        const holder = createServer()
        await new Promise<void>((listening) => holder.listen(0, '127.0.0.1', listening))
        const { port } = holder.address() as { port: number }
        const { code, said } = await serve('--home', join(bench.folder, 'home'), '--port', String(port))
        holder.close()
        assert.notEqual(code, 0)
        assert.match(said, new RegExp(`Port ${port} is taken by process ${process.pid}`))
        assert.match(said, /--port/)
      },
    },
    { row: 110, title: 'rule that triggers itself', transport: 'none', due: 'rules' },
    { row: 111, title: 'webhook burst, duplicates, out of order', transport: 'none', due: 'webhooks' },
    {
      row: 112,
      title: 'log search over many lines with a hostile pattern',
      transport: 'stdio',
      server: stdio('bad-bytes'),
      async script(bench) {
        await bench.answers({
          tool: 'stderr_flood',
          args: { bytes: 10_000_000 },
          timeoutMs: 20_000,
          status: 'completed',
          afterMs: 10_000,
        })
        for (const pattern of ['(a+)+$', '%_%_%\\%', 'x'.repeat(500), '.*.*.*=.*', '[', '\u0000', '"" OR NEAR(']) {
          const query = new URLSearchParams({ q: pattern, limit: '10' })
          const answer: { body: Json | null } = { body: null }
          void bench.engine.request('GET', `/logs?${query}`).then(({ status, body }) => {
            answer.body = { status, ...body }
          })
          await bench.sees(`an answer for ${pattern.slice(0, 20)}`, () => answer.body !== null)
          assert.equal(answer.body?.status, 200, JSON.stringify(answer.body))
        }
      },
    },
  ],
}
