import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { Figure, type FigureOptions } from './figure.ts'
import { closeThenQuit } from './orphans/close-then-quit.ts'
import { processesWith } from './processes.ts'
import { Program } from './program.ts'

/** Kinds of `test-servers/leaves-behind.mjs`; `escape` is the one that cannot be caught without the kernel's help. */
const kinds = ['eof', 'deaf', 'stubborn', 'wrapper', 'session', 'daemon'] as const
/** Processes of all kinds in a steady state. */
const processes = 9
const withinMs = 5000

/**
 * Nothing of a server survives the app by more than 5 s, whatever kind of process it is and whichever way the app, or
 * the server alone, goes; where the watchdog is killed with the app, the next start ends what is left.
 */
export async function orphans({ short }: FigureOptions): Promise<Figure> {
  const figure = new Figure('orphans')
  for (let trial = 1; trial <= (short ? 2 : 20); trial++) {
    await figure.check(`SIGKILL ${trial} leaves nothing`, () =>
      inHome(async ({ program, token }) => {
        await program.kill()
        await allGone(token)
      }),
    )
  }
  const ways = Object.entries(waysOut)
  for (const [name, go] of short ? ways.filter(([name]) => shortWays.has(name)) : ways) {
    await figure.check(`${name} leaves nothing`, () => inHome(go))
  }
  if (!short) await figure.check('the window closed, then quitting, leaves nothing', closedThenQuit)
  for (const way of ['update', 'uninstall', 'logout']) figure.notRun(way, 'only on an installed package')
  await countEscapes(figure, short ? 1 : 10)
  return figure
}

interface Trial {
  readonly home: string
  readonly program: Program
  readonly token: string
}

const shortWays = new Set(['the watchdog killed', 'watchdog and app killed', 'deleting it'])

const waysOut: Record<string, (trial: Trial) => Promise<void>> = {
  async quitting({ program, token }) {
    assert.equal(await program.end(), 0)
    await allGone(token)
  },
  async 'its terminal closed'({ program, token }) {
    await program.kill('SIGHUP')
    await allGone(token)
  },
  async 'stopping it'({ program, token }) {
    await each((kind) => program.request('POST', `/servers/${kind}/stop?wait_s=60`))
    await allGone(token)
  },
  async 'stopping it by force'({ program, token }) {
    await each(async (kind) => {
      await program.request('POST', `/servers/${kind}/stop`)
      await program.request('POST', `/servers/${kind}/stop?wait_s=60`)
    })
    await allGone(token)
  },
  async 'deleting it'({ program, token }) {
    await each((kind) => program.request('DELETE', `/servers/${kind}`))
    await allGone(token)
  },
  async 'editing its entry'({ program, token }) {
    const after = randomUUID()
    await each((kind) => program.request('PUT', `/servers/${kind}/config`, { entry: entryOf(kind, after) }))
    await allGone(token)
    await program.end()
    await allGone(after)
  },
  async 'a start that takes too long'({ program, token }) {
    const late = randomUUID()
    const entry = { ...entryOf('stubborn', late), signalbox: { start_timeout_ms: 1500, restart: false } }
    entry.args[0] = resolve('test-servers/never-answers.mjs')
    await program.request('PUT', '/servers/late/config', { entry })
    const { body } = await program.request('POST', '/servers/late/start?wait_s=60')
    assert.equal(body.state, 'failed', body.reason)
    await allGone(late)
    await program.end()
    await allGone(token)
  },
  async 'a crash of the server'({ program, token }) {
    const servers = (await program.get('/servers')).items as { id: string; pid: number }[]
    await each((kind) => program.request('PUT', `/servers/${kind}/config`, { entry: entryOf(kind, token, false) }))
    for (const { pid } of servers) process.kill(pid, 'SIGKILL')
    await allGone(token)
  },
  async 'a crash of the engine'({ program, token }) {
    await program.kill('SIGSEGV')
    await allGone(token)
  },
  async 'the watchdog killed'({ program, token }) {
    const before = watchdogOf(program)
    process.kill(before, 'SIGKILL')
    await until(() => watchdogsOf(program).some((pid) => pid !== before))
    await program.kill()
    await allGone(token)
  },
  async 'watchdog and app killed'({ home, program, token }) {
    process.kill(watchdogOf(program), 'SIGKILL')
    await program.kill()
    assert.ok(processesWith(token).length > 0, 'something was left to end')
    const text = await readFile(join(home, 'mcp.json'), 'utf8')
    await writeFile(join(home, 'mcp.json'), text.replaceAll(token, 'next-start'))
    await using _ = await Program.start(home)
    await allGone(token)
  },
}

async function closedThenQuit(): Promise<void> {
  const token = randomUUID()
  const entries = Object.fromEntries(kinds.map((kind) => [kind, entryOf(kind, token)]))
  try {
    const all = (): void => assert.equal(processesWith(token).length, processes, 'all kinds run')
    await closeThenQuit(entries, { onReady: all, onClosed: all })
    await allGone(token)
  } finally {
    for (const { pid } of processesWith(token)) process.kill(pid, 'SIGKILL')
  }
}

/** The class that only the kernel could contain, counted and told: it is no promise. */
async function countEscapes(figure: Figure, trials: number): Promise<void> {
  let survived = 0
  for (let trial = 0; trial < trials; trial++) {
    await inHome(
      async ({ program, token }) => {
        await program.kill()
        await delay(withinMs)
        const left = processesWith(token)
        if (left.length > 0) survived++
        for (const { pid } of left) process.kill(pid, 'SIGKILL')
      },
      ['escape'],
      2,
    )
  }
  figure.note(`escape class (own session, cleared environment): survived ${survived} of ${trials} SIGKILLs`)
}

async function inHome(
  run: (trial: Trial) => Promise<void>,
  which: readonly string[] = kinds,
  expected = processes,
): Promise<void> {
  const token = randomUUID()
  const home = await mkdtemp(join(tmpdir(), 'signalbox-figure-'))
  try {
    const mcpServers = Object.fromEntries(which.map((kind) => [kind, entryOf(kind, token)]))
    await writeFile(join(home, 'mcp.json'), JSON.stringify({ mcpServers }))
    await using program = await Program.start(home)
    await each(async (kind) => {
      const { body } = await program.request('POST', `/servers/${kind}/start?wait_s=60`)
      assert.equal(body.state, 'ready', body.reason)
    }, which)
    assert.equal(processesWith(token).length, expected, 'all kinds run')
    await run({ home, program, token })
  } finally {
    for (const { pid } of processesWith(token)) process.kill(pid, 'SIGKILL')
    await rm(home, { recursive: true, force: true, maxRetries: 5 })
  }
}

function entryOf(kind: string, token: string, restart = true) {
  const args = [resolve('test-servers/leaves-behind.mjs'), kind, `--token=${token}`]
  return { command: process.execPath, args, signalbox: { stop_grace_ms: 1000, restart } }
}

async function each(run: (kind: string) => Promise<unknown>, which: readonly string[] = kinds): Promise<void> {
  await Promise.all(which.map(run))
}

async function allGone(token: string): Promise<void> {
  const left = (): string[] => processesWith(token).map(({ args }) => args)
  await until(
    () => left().length === 0,
    () => `left:\n${left().join('\n')}`,
  )
}

/** Looks until the fact holds, for as long as is promised. */
async function until(fact: () => boolean, seen: () => string = () => 'it is not so'): Promise<void> {
  const end = performance.now() + withinMs
  while (!fact()) {
    if (performance.now() > end) assert.fail(`after ${withinMs} ms, ${seen()}`)
    await delay(100)
  }
}

function watchdogOf(program: Program): number {
  const [pid] = watchdogsOf(program)
  assert.ok(pid !== undefined, 'a watchdog runs')
  return pid
}

function watchdogsOf(program: Program): number[] {
  return processesWith('signalbox-watchdog')
    .filter(({ parent }) => parent === program.pid)
    .map(({ pid }) => pid)
}
