import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readdir, readFile, readlink, writeFile } from 'node:fs/promises'
import { type ClientRequest, get, type IncomingMessage } from 'node:http'
import { createServer } from 'node:net'
import { join, resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Json } from '../program.ts'
import { type Bench, stdio } from './bench.ts'
import { EngineUnderTest } from './engine-under-test.ts'
import { burstIsTaken, loopIsStopped } from './events.ts'
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

/** A script that has such an engine to itself. */
function onOwnEngine(script: (bench: Bench, engine: EngineUnderTest) => Promise<void>) {
  return async (bench: Bench): Promise<void> => {
    await using engine = await ownEngine(bench)
    await script(bench, engine)
  }
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

/** A reader of the engine's live log, which counts lines. */
function readLog(engine: EngineUnderTest, server: string, onLines: (count: number) => void): () => void {
  const headers = { authorization: `Bearer ${engine.token}`, accept: 'text/event-stream' }
  const request = get(`${engine.url}/api/v1/logs?server=${server}`, { agent: false, headers }, (response) => {
    response.on('error', () => {})
    let rest = ''
    response.setEncoding('utf8').on('data', (chunk: string) => {
      const end = chunk.lastIndexOf('\n\n')
      const whole = end === -1 ? '' : rest + chunk.slice(0, end)
      rest = end === -1 ? rest + chunk : chunk.slice(end)
      if (whole !== '') onLines(linesIn(whole))
    })
  })
  request.on('error', () => {})
  return () => request.destroy()
}

/** A reader of the live log that does not read until it is thawed; then it tells how many lines it was told to have lost. */
class FrozenReader implements Disposable {
  readonly #request: ClientRequest
  readonly #response: Promise<IncomingMessage>
  dropped = 0

  constructor(engine: EngineUnderTest, server: string) {
    const headers = { authorization: `Bearer ${engine.token}`, accept: 'text/event-stream' }
    const { promise, resolve } = Promise.withResolvers<IncomingMessage>()
    this.#response = promise
    this.#request = get(`${engine.url}/api/v1/logs?server=${server}`, { agent: false, headers }, (response) => {
      response.on('error', () => {}).pause()
      resolve(response)
    })
    this.#request.on('error', () => {})
  }

  async thaw(): Promise<void> {
    const response = await this.#response
    response.setEncoding('utf8').on('data', (chunk: string) => {
      for (const [, count] of chunk.matchAll(/"dropped":(\d+)/g)) this.dropped += Number(count)
    })
    response.resume()
  }

  [Symbol.dispose](): void {
    this.#request.destroy()
  }
}

/** Whether a process runs; one that is dead and not yet reaped does not. */
async function isRunning(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null)
  return stat !== null && !stat.slice(stat.lastIndexOf(')') + 2).startsWith('Z')
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
        // The watchdog ends what the app had started, whether or not there is a next start.
        await bench.sees('the end of its server', async () => !(await isRunning(pid!)), 3000)
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
        using frozen = new FrozenReader(bench.engine, bench.id)
        // Those who come while it prints see what is new from then on: all of them are there when it begins.
        await bench.sees('100 readers', async () => (await socketsOf(bench.engine)) >= before + 100, 3000)
        await bench.answers({ tool: 'chatter', args: { lines }, timeoutMs: 60_000, status: 'completed', afterMs: 8000 })
        const late = (): number => counts.filter((count) => count < lines).length
        await bench.sees('every line at 99 readers', () => late() === 0, 8000)
        await readers.disposeAsync()
        // More than is kept for one reader and fits into its socket: it loses lines, and is told so.
        const args = { bytes: 10_000_000 }
        await bench.answers({ tool: 'stderr_flood', args, timeoutMs: 60_000, status: 'completed', afterMs: 15_000 })
        await frozen.thaw()
        await bench.sees('the frozen reader is told what it lost', () => frozen.dropped > 0, 8000)
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
    {
      row: 110,
      title: 'rule that triggers itself',
      transport: 'none',
      script: onOwnEngine(loopIsStopped),
    },
    {
      row: 111,
      title: 'webhook burst, duplicates, out of order',
      transport: 'none',
      script: onOwnEngine(burstIsTaken),
    },
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
