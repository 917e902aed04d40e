import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { Figure, type FigureOptions } from './figure.ts'
import { Program } from './program.ts'
import { seededRandom } from './seeded-random.ts'

const clients = 8
/** A kill comes at a random moment in this time after the first acknowledgement. */
const killWithinMs = 400

/**
 * The whole app is killed under load, again and again on one home: every task that was acknowledged is there after the
 * next start, those told as completed are so still, and none is left open.
 */
export async function kill9Engine({ short, seed }: FigureOptions): Promise<Figure> {
  const figure = new Figure('kill9-engine')
  const random = seededRandom(seed)
  const home = await mkdtemp(join(tmpdir(), 'signalbox-figure-'))
  let acknowledged = 0
  try {
    const entry = { command: process.execPath, args: [resolve('test-servers/echo.mjs')] }
    await writeFile(join(home, 'mcp.json'), JSON.stringify({ mcpServers: { echo: entry } }))
    let told = await oneLife(home, random)
    for (let kill = 1; kill <= (short ? 3 : 50); kill++) {
      const before = told
      acknowledged += before.acknowledged.size
      await figure.check(`kill ${kill} loses nothing and leaves nothing open`, async () => {
        assert.ok(before.acknowledged.size > 0, 'there was load')
        told = await oneLife(home, random, (program) => examine(program, before))
      })
    }
  } finally {
    await rm(home, { recursive: true, force: true, maxRetries: 5 })
  }
  figure.note(`seed ${seed}: ${acknowledged} tasks were acknowledged before a kill`)
  return figure
}

/** What the program has said before it died. */
interface Told {
  readonly acknowledged: Set<string>
  readonly completed: Set<string>
}

async function oneLife(
  home: string,
  random: () => number,
  first: (program: Program) => Promise<void> = async () => {},
): Promise<Told> {
  await using program = await Program.start(home)
  await first(program)
  const { body } = await program.request('POST', '/servers/echo/start?wait_s=60')
  assert.equal(body.state, 'ready', body.reason)

  const told: Told = { acknowledged: new Set(), completed: new Set() }
  const over = new AbortController()
  const hasBegun = Promise.withResolvers<void>()
  const load = Array.from({ length: clients }, () => client(program, told, random, hasBegun.resolve, over.signal))
  await Promise.race([hasBegun.promise, Promise.all(load)])
  await delay(random() * killWithinMs)
  await program.kill()
  over.abort()
  await Promise.all(load)
  return told
}

/** Calls until the connection breaks, and asks for what became of every other call. */
async function client(
  program: Program,
  told: Told,
  random: () => number,
  onFirst: () => void,
  over: AbortSignal,
): Promise<void> {
  while (!over.aborted) {
    try {
      const isQuick = random() < 0.7
      const id = isQuick
        ? await program.call('echo', 'echo', { text: 'x'.repeat(Math.floor(random() * 2000)) })
        : await program.call('echo', 'slow', { steps: 3, step_ms: 100 })
      told.acknowledged.add(id)
      onFirst()
      if (isQuick && (await program.get(`/tasks/${id}`)).status === 'completed') told.completed.add(id)
    } catch (error) {
      // A broken connection is the kill itself; an answer that is none is not.
      if (!(error instanceof TypeError)) throw error
      return
    }
  }
}

async function examine(program: Program, told: Told): Promise<void> {
  const open = await program.get('/tasks?status=queued&status=running&status=input_required&limit=10')
  assert.deepEqual(open.items, [], 'nothing is open')
  const lost: string[] = []
  for (const id of told.acknowledged) {
    const { status, body } = await program.request('GET', `/tasks/${id}`)
    const isKept =
      status === 200 && (told.completed.has(id) ? ['completed'] : ['completed', 'interrupted']).includes(body.status)
    if (!isKept) lost.push(`${id}: ${status} ${body.status}`)
  }
  assert.deepEqual(lost, [])
}
