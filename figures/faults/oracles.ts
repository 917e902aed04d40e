import assert from 'node:assert/strict'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Json } from '../program.ts'
import { Bench } from './bench.ts'
import type { Fault } from './fault.ts'
import type { Lane } from './lane.ts'
import { holdingsOf, leftBehind } from './leaks.ts'
import { machineMs } from './machine-clock.ts'

/** The event loop of the engine may stand still this long, unless the machine itself shows more without a fault. */
const stallMs = 200
const growsMb = 400

/**
 * Lets one fault happen and looks at it with all six oracles: the engine lives (O1), other servers are not touched (O2),
 * state and message are right in time (O3), every call has one answer (O4) and a row with its outcome (O5), and nothing
 * is left behind (O6). Throws what was not kept.
 */
export async function survive(fault: Fault, lane: Lane): Promise<void> {
  const { engine, canary, temporaryFolder } = lane
  const id = `fault-${fault.row}`
  const folder = join(lane.folder, id)
  await mkdir(folder)
  const before = await holdingsOf(engine, temporaryFolder)
  const { rssMb: startedAtMb } = await engine.probe()
  const began = { atMs: performance.now(), machineMs: machineMs() }
  await using bench = new Bench(engine, id, folder, lane.startMs)

  const wrong = await problemsOf(fault, bench)
  const { stallMs: stalledMs, rssMb } = await engine.probe()
  wrong.push(...(await caught('isolation', () => canary.check())))
  // Collecting garbage waits for threads that want a core themselves.
  const slowness = Math.max(1, (performance.now() - began.atMs) / (machineMs() - began.machineMs))
  if (stalledMs > slowness * Math.max(stallMs, 2 * lane.baselineStallMs))
    wrong.push(`alive: stood still for ${stalledMs} ms`)
  const grownMb = rssMb - startedAtMb
  if (grownMb > (fault.growsMb ?? growsMb)) wrong.push(`alive: grew by ${Math.round(grownMb)} MB`)
  wrong.push(...(await caught('answers', () => everyCallAnswered(bench))))
  wrong.push(...(await caught('states', () => everyStateStored(bench))))
  wrong.push(...(await caught('leaks', () => nothingLeft(bench, before, lane))))
  if (wrong.length > 0) throw new Error(wrong.join('\n'))
}

async function problemsOf(fault: Fault, bench: Bench): Promise<string[]> {
  return caught('state', async () => {
    if (fault.server !== undefined) {
      await bench.configure(await fault.server(bench))
      await bench.ask('start')
      await bench.becomes(fault.start ?? { state: 'ready' })
    }
    for (const call of fault.calls ?? []) await bench.answers(call)
    await fault.script?.(bench)
  })
}

/** One end told of each call, one row with that end in it, and no row besides. */
async function everyCallAnswered(bench: Bench): Promise<void> {
  for (const call of bench.calls) await bench.ended(call)
  const rows: string[] = []
  let before: string | null = ''
  while (before !== null) {
    const query: string = before === '' ? '' : `&before=${before}`
    const page: Json = await bench.engine.get(`/tasks?agent=${bench.id}&limit=1000${query}`)
    rows.push(...page.items.map((task: Json) => task.task_id))
    before = page.next_before
  }
  assert.deepEqual(rows.sort(), [...bench.calls].sort(), 'a row for each call')
  for (const call of bench.calls.slice(0, 50)) {
    assert.equal(bench.engine.timesEnded(call), 1, 'one end is told')
    const statuses = (await bench.events(call, 'status')).map(({ data }) => data.status)
    const ends = statuses.filter((status) => !['queued', 'running', 'input_required'].includes(status))
    assert.deepEqual(ends.length, 1, `one end is on record, not ${statuses}`)
  }
}

/** Each state that was told is a stored row, each row goes on from the one before it, and none is without a cause. */
async function everyStateStored(bench: Bench): Promise<void> {
  const { engine, id } = bench
  if (engine.server(id) === null) return
  const { items } = await engine.get(`/servers/${id}/transitions?limit=1000`)
  const rows = (items as Json[]).toReversed()
  const breaks = rows.filter((row, index) => index > 0 && row.from !== rows[index - 1]!.to)
  assert.deepEqual(breaks, [], 'each goes on from the one before it')
  assert.deepEqual(
    rows.filter(({ cause }) => !cause),
    [],
    'each has a cause',
  )
  // The first is what it was when it was added.
  const [, ...told] = engine.states(id)
  const stored = rows.map(({ to }) => to)
  let at = 0
  for (const state of told) {
    at = stored.indexOf(state, at) + 1
    assert.ok(at > 0, `${state} was told and is not stored: told ${told}, stored ${stored}`)
  }
}

async function nothingLeft(bench: Bench, before: Awaited<ReturnType<typeof holdingsOf>>, lane: Lane): Promise<void> {
  const { engine, id } = bench
  if (engine.server(id) !== null) {
    const { status, body } = await engine.request('DELETE', `/servers/${id}`)
    assert.equal(status, 200, JSON.stringify(body))
  }
  await bench[Symbol.asyncDispose]()
  const left = await leftBehind(engine, lane.temporaryFolder, before, bench, bench.patienceMs(1500))
  assert.deepEqual(left, [], 'nothing is left')
}

async function caught(oracle: string, look: () => Promise<void>): Promise<string[]> {
  try {
    await look()
    return []
  } catch (error) {
    return [`${oracle}: ${error instanceof Error ? error.message : String(error)}`]
  }
}
