import assert from 'node:assert/strict'
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { Figure, type FigureOptions } from './figure.ts'
import { treeOf } from './processes.ts'
import { type Json, Program } from './program.ts'
import { seededRandom } from './seeded-random.ts'

interface Plan {
  readonly servers: number
  readonly calls: number
  readonly lastsMs: number
  readonly killEveryMs: number
  /** The stretches whose memory is compared, in parts of the whole. */
  readonly early: readonly [from: number, to: number]
  readonly late: readonly [from: number, to: number]
  /** How much more memory the late stretch may take than the early one. */
  readonly growth: number
}

const full: Plan = {
  servers: 20,
  calls: 30_000,
  lastsMs: 600_000,
  killEveryMs: 20_000,
  early: [0.2, 0.4],
  late: [0.8, 1],
  growth: 1.1,
}
/** Too short for the heap to have found its size. */
const brief: Plan = { ...full, servers: 3, calls: 300, lastsMs: 12_000, killEveryMs: 3000, growth: 1.5 }

/** One look at the program from outside. */
interface Sample {
  readonly at: number
  readonly rssMb: number
  readonly handles: number
  readonly processes: number
}

/** A call that was acknowledged, and what the person was told of its end. */
interface Told {
  readonly id: string
  readonly text: string
}

/** Calls at a steady pace over many servers, one of which is killed every 20 s: nothing lost, nothing grows. */
export async function soak({ short, seed }: FigureOptions): Promise<Figure> {
  const figure = new Figure('soak')
  const plan = short ? brief : full
  const home = await mkdtemp(join(tmpdir(), 'signalbox-figure-'))
  const told: Told[] = []
  const failures: string[] = []
  try {
    await prepare(home, plan)
    {
      await using program = await startTelling(home)
      const start = await calm(program, plan, home)
      const samples: Sample[] = []
      const kills = await load(program, plan, seed, { told, failures, samples })
      const end = await calm(program, plan, home)
      await conclude(figure, plan, { told, failures, samples, kills, start, end })
    }
    await figure.check('after a restart every acknowledged call is on record, with its own answer', async () => {
      await using program = await Program.start(home)
      const { total, lost, wrong } = await audit(program, told)
      assert.deepEqual({ total, lost, wrong }, { total: told.length, lost: [], wrong: [] })
    })
  } finally {
    await rm(home, { recursive: true, force: true })
  }
  return figure
}

const nameOf = (index: number): string => `echo-${index + 1}`

async function prepare(home: string, { servers }: Plan): Promise<void> {
  const entry = { command: 'node', args: [resolve('test-servers/echo.mjs')] }
  const entries = Array.from({ length: servers }, (_, index) => [nameOf(index), entry])
  await writeFile(join(home, 'mcp.json'), JSON.stringify({ mcpServers: Object.fromEntries(entries) }))
}

/** Starts a program that tells on SIGUSR2 how many timers it has set. */
function startTelling(home: string): Promise<Program> {
  const telling = ['--expose-internals', '--import', pathToFileURL(resolve('figures/soak/tell-timers.mjs')).href]
  const words = ['dist/node/cli.mjs', 'serve', '--home', home, '--port', '0', '--no-open']
  return Program.start(home, { TIMERS_FILE: timersFileOf(home) }, [...telling, ...words])
}

const timersFileOf = (home: string): string => join(home, 'timers')

/** The fewest of some looks: what was just done may have set one for a moment. */
async function setTimers(program: Program, home: string): Promise<number> {
  const looks: number[] = []
  for (let look = 0; look < 5; look++) {
    await delay(300)
    await rm(timersFileOf(home), { force: true })
    process.kill(program.pid, 'SIGUSR2')
    const told = async (): Promise<string> => readFile(timersFileOf(home), 'utf8').catch(() => '')
    while ((await told()) === '') await delay(20)
    looks.push(Number(await told()))
  }
  return Math.min(...looks)
}

/** Waits until every server is ready and nothing is under way, then looks. */
async function calm(program: Program, { servers }: Plan, home: string): Promise<Sample & { timers: number }> {
  for (let index = 0; index < servers; index++) {
    const { body } = await program.request('POST', `/servers/${nameOf(index)}/start?wait_s=120`)
    assert.equal(body.state, 'ready', `${nameOf(index)}: ${body.reason}`)
  }
  while ((await program.get('/tasks?status[]=running&limit=1')).items.length > 0) await delay(200)
  return { ...(await look(program)), timers: await setTimers(program, home) }
}

async function look(program: Program): Promise<Sample> {
  const status = readFileSync(`/proc/${program.pid}/status`, 'utf8')
  return {
    at: performance.now(),
    rssMb: Number(/VmRSS:\s+(\d+)/.exec(status)![1]) / 1024,
    handles: await heldHandles(program),
    processes: treeOf(program.pid).length,
  }
}

/** The fewest of some looks: to see what its servers use it opens a file for every process of the machine, for a moment. */
async function heldHandles(program: Program): Promise<number> {
  const looks: number[] = []
  for (let look = 0; look < 5; look++) {
    looks.push(handlesOf(program))
    await delay(300)
  }
  return Math.min(...looks)
}

/** All that it has open but what we hold open ourselves: connections to its own port, kept for the next request. */
function handlesOf({ pid, url }: Program): number {
  const port = Number(new URL(url).port).toString(16).toUpperCase().padStart(4, '0')
  const rows = readFileSync(`/proc/${pid}/net/tcp`, 'utf8').split('\n').slice(1)
  const established = rows
    .map((row) => row.trim().split(/\s+/))
    .filter(([, local, , state]) => local?.endsWith(`:${port}`) && state === '01')
  const ours = new Set(established.map((fields) => `socket:[${fields[9]}]`))
  return readdirSync(`/proc/${pid}/fd`).filter((fd) => !ours.has(linkOf(`/proc/${pid}/fd/${fd}`))).length
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path)
  } catch {
    // Closed since it was listed.
    return ''
  }
}

interface Books {
  readonly told: Told[]
  readonly failures: string[]
  readonly samples: Sample[]
}

/** Calls, kills and looks until the time is over. Gives the number of kills. */
async function load(program: Program, plan: Plan, seed: number, { told, failures, samples }: Books): Promise<number> {
  const random = seededRandom(seed)
  const startedAt = performance.now()
  const passed = (): number => performance.now() - startedAt
  let kills = 0
  let made = 0
  const caller = async (): Promise<void> => {
    while (made < plan.calls) {
      const number = made++
      // Held to the plan's pace; one that falls behind catches up.
      const dueMs = (number / plan.calls) * plan.lastsMs
      if (dueMs > passed()) await delay(dueMs - passed())
      const agent = nameOf(Math.floor(random() * plan.servers))
      const text = `call ${number}`
      const { status, body } = await program.request('POST', '/tasks', { agent, action: 'echo', parameters: { text } })
      if (status === 202) told.push({ id: body.task_id, text })
      else failures.push(`${agent} answered ${status} ${body.code}`)
    }
  }
  const killer = async (): Promise<void> => {
    for (let next = plan.killEveryMs; next < plan.lastsMs; next += plan.killEveryMs) {
      await delay(Math.max(0, next - passed()))
      const { pid } = await program.get(`/servers/${nameOf(Math.floor(random() * plan.servers))}`)
      if (pid === null) continue
      process.kill(pid, 'SIGKILL')
      kills++
    }
  }
  const watcher = async (): Promise<void> => {
    while (passed() < plan.lastsMs) {
      samples.push({ ...(await look(program)), at: passed() / plan.lastsMs })
      await delay(plan.lastsMs / 200)
    }
  }
  await Promise.all([...Array.from({ length: 8 }, caller), killer(), watcher()])
  return kills
}

interface Seen extends Books {
  readonly kills: number
  readonly start: Sample & { timers: number }
  readonly end: Sample & { timers: number }
}

async function conclude(figure: Figure, plan: Plan, seen: Seen): Promise<void> {
  const { told, failures, samples, kills, start, end } = seen
  const mean = ([from, to]: readonly [number, number]): number => {
    const those = samples.filter(({ at }) => at >= from && at <= to)
    return those.reduce((sum, { rssMb }) => sum + rssMb, 0) / those.length
  }
  const [early, late] = [mean(plan.early), mean(plan.late)]
  console.log(
    `  ${told.length} calls, ${kills} kills; memory ${early.toFixed(0)} MB early, ${late.toFixed(0)} MB late; ` +
      `handles ${start.handles} to ${end.handles}, timers ${start.timers} to ${end.timers}, processes ${start.processes} to ${end.processes}`,
  )
  await figure.check(`${plan.calls} calls were acknowledged`, () => {
    assert.deepEqual([told.length, failures.slice(0, 5)], [plan.calls, []])
  })
  await figure.check('servers were killed', () =>
    assert.ok(kills >= plan.lastsMs / plan.killEveryMs - 3, `${kills} kills`),
  )
  await figure.check(`memory of the end is at most ${plan.growth} times that of the beginning`, () => {
    assert.ok(late <= plan.growth * early, `${late.toFixed(1)} MB against ${early.toFixed(1)} MB`)
  })
  await figure.check('handles are within 5 of the start', () => {
    assert.ok(Math.abs(end.handles - start.handles) <= 5, `${start.handles} became ${end.handles}`)
  })
  await figure.check('timers are within 5 of the start', () => {
    assert.ok(start.timers > 0, 'none is set')
    assert.ok(Math.abs(end.timers - start.timers) <= 5, `${start.timers} became ${end.timers}`)
  })
  await figure.check('processes are within 5 of the start', () => {
    assert.ok(Math.abs(end.processes - start.processes) <= 5, `${start.processes} became ${end.processes}`)
  })
}

/** Reads every acknowledged call back: there, ended, and with its own text where it completed. */
async function audit(
  program: Program,
  told: readonly Told[],
): Promise<{ total: number; lost: string[]; wrong: string[] }> {
  const lost: string[] = []
  const wrong: string[] = []
  let total = 0
  for (const { id, text } of told) {
    const { status, body } = await program.request('GET', `/tasks/${id}`)
    total++
    if (status !== 200) lost.push(id)
    else if (!isRight(body, text)) wrong.push(`${id} ${body.status} ${JSON.stringify(body.result)}`)
  }
  return { total, lost, wrong }
}

function isRight(task: Json, text: string): boolean {
  if (['queued', 'running', 'input_required'].includes(task.status)) return false
  return task.status !== 'completed' || task.result.content[0].text === text
}
