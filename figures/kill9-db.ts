import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { openStore } from '../engine/store/open-store.ts'
import { connect } from '../engine/store/sqlite.ts'
import { storeWorker } from '../engine/store/test-store.ts'
import { Figure, type FigureOptions } from './figure.ts'
import type { Moment } from './kill9-moment.ts'
import { type Json, Program } from './program.ts'
import { seededRandom } from './seeded-random.ts'

const writerProgram = fileURLToPath(new URL('./kill9-writer.ts', import.meta.url))

/** Where the program is killed, and how many times in the full form. Those of a replay follow on a long journal. */
const moments: Readonly<Record<string, number>> = {
  random: 90,
  checkpoint: 20,
  'append, none of it': 10,
  'append, half of it': 15,
  'append, all of it': 10,
  'batch before its commit': 15,
  'batch after its commit': 10,
  'replay before its commit': 10,
  'replay within': 10,
  'replay after its commit': 10,
}
const stages = ['queued', 'running', 'completed']
/** A new home after so many kills, so that reading back stays quick. */
const killsPerHome = 10

/**
 * Kills a program that records tasks, starts Signalbox on what it left, and reads back over REST what it had acknowledged:
 * everything is there, and the file is sound. A program that acknowledges before it appends is caught.
 */
export async function kill9Db({ short, seed }: FigureOptions): Promise<Figure> {
  const figure = new Figure('kill9-db')
  const random = seededRandom(seed)
  const plan = Object.entries(moments).flatMap(([name, times]) => Array.from({ length: short ? 1 : times }, () => name))
  for (let start = 0; start < plan.length; start += killsPerHome) {
    await using home = await temporaryHome()
    for (const [index, name] of plan.slice(start, start + killsPerHome).entries()) {
      const nth = 1 + Math.floor(random() * (name.startsWith('append') ? 400 : name.startsWith('batch') ? 6 : 1))
      await figure.check(`kill ${start + index + 1}: ${name}, ${nth}`, async () => {
        if (name.startsWith('replay')) await kill(home, { name: 'long journal', nth: 2 }, random)
        await kill(home, { name, nth }, random)
        const lost = await lostIn(home)
        assert.deepEqual(lost, [], 'acknowledged and not there')
      })
    }
  }
  await figure.check('a program that acknowledges before it appends is caught', async () => {
    await using home = await temporaryHome()
    await kill(home, { name: 'append, none of it', nth: 50 }, random, 'mutant')
    assert.notDeepEqual(await lostIn(home), [], 'the mutant went unnoticed')
  })
  return figure
}

interface Home extends AsyncDisposable {
  folder: string
  file: string
  notes: string
  /** How far those had come that were cut off by earlier kills. */
  interrupted: Map<string, number>
}

async function temporaryHome(): Promise<Home> {
  const folder = await mkdtemp(join(tmpdir(), 'signalbox-kill9-'))
  const notes = join(folder, 'notes')
  await writeFile(notes, '')
  // Made beforehand, so that the first kill meets tasks and not the making of tables.
  const file = join(folder, 'signalbox.db')
  const { store } = await openStore({ file, worker: storeWorker })
  await store[Symbol.asyncDispose]()
  return {
    folder,
    file,
    notes,
    interrupted: new Map(),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  }
}

/** Resolves once the program is dead, by its own hand at the named moment or by ours at one that nobody chose. */
async function kill({ file, notes }: Home, moment: Moment, random: () => number, kind = 'sound'): Promise<void> {
  const child = spawn(process.execPath, [writerProgram, file, notes, kind], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    env: { ...process.env, KILL9_MOMENT: JSON.stringify(moment), KILL9_FILE: file },
  })
  let said = ''
  child.stderr!.on('data', (chunk: Buffer) => (said += chunk))
  const exited = once(child, 'exit')
  if (moment.name === 'random' || moment.name === 'checkpoint') {
    await Promise.race([once(child, 'message'), exited])
    await delay(random() * 150)
    child.kill('SIGKILL')
  }
  const [code, signal] = await exited
  assert.equal(signal, 'SIGKILL', `the program ended by itself with ${code}: ${said}`)
}

/** The steps that were acknowledged and are not on record after a start; throws where the file is not sound. */
async function lostIn(home: Home): Promise<string[]> {
  const acknowledged = (await readFile(home.notes, 'utf8')).split('\n').slice(0, -1)
  const reached = await reachedAfterStart(home)
  await demandSound(home)
  return acknowledged.filter((note) => {
    const [stage, id] = note.split(' ') as [string, string]
    return (reached.get(id) ?? -1) < stages.indexOf(stage)
  })
}

/** How far each task had come, as Signalbox shows it that is started on the home. */
async function reachedAfterStart({ folder, interrupted }: Home): Promise<Map<string, number>> {
  await using program = await Program.start(folder)
  assert.equal((await program.get('/snapshot')).banner, null)
  const reached = new Map<string, number>()
  for (let before: string | null = ''; before !== null; ) {
    const page: Json = await program.get(`/tasks?limit=1000${before && `&before=${encodeURIComponent(before)}`}`)
    for (const { task_id, status } of page.items as Json[]) {
      if (status !== 'interrupted') reached.set(task_id, stages.indexOf(status))
      else if (!interrupted.has(task_id)) interrupted.set(task_id, await stageOfInterrupted(program, task_id))
    }
    before = page.next_before
  }
  return new Map([...reached, ...interrupted])
}

/** What was cut off says whether its call had left. */
async function stageOfInterrupted(program: Program, id: string): Promise<number> {
  return stages.indexOf((await program.get(`/tasks/${id}`)).sent ? 'running' : 'queued')
}

async function demandSound({ file }: Home): Promise<void> {
  const { store, banner } = await openStore({ file, worker: storeWorker })
  await using _ = store
  assert.equal(banner, null)
  const { missing, changed, broken } = await store.verifyChain()
  assert.deepEqual([missing, changed, broken], [[], [], []], 'the chain of finished tasks is whole')
  const sqlite = connect(file, { readonly: true })
  const verdict = sqlite.pragma('integrity_check', { simple: true })
  sqlite.close()
  assert.equal(verdict, 'ok')
}
