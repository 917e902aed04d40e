import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLogPipeline } from '../engine/logs/pipeline.ts'
import { Masker } from '../engine/secrets/masker.ts'
import { openLogStore } from '../engine/store/open-store.ts'
import type { LogStore } from '../engine/store/store.ts'
import { serverId, storeWorker } from '../engine/store/test-store.ts'
import { atLeast, atMost, median, type Row, told } from './bench.ts'
import { logLine, writeLogLines } from './log-lines.ts'
import { Pm2 } from './peers-logs/pm2.ts'
import { cpuMsOf } from './thread-cpu.ts'

const lines = 1_000_000
const repetitions = 3
const pageSize = 10_000
/** As its worker is named. */
const logThread = 'store:logs'

interface Measured {
  ms: number
  /** Of the log's thread, which decides how fast lines are taken. */
  threadCpuMs: number | null
  lost: number
  busy: number
  bytesPerLine: number
  memoryMb: number
}

/**
 * A child writes 1,000,000 lines into its pipe as fast as they are taken: ours with twenty secrets to mask, levels guessed,
 * and pauses without an end, so that no line may be lost; pm2 with timestamps. From the first byte to the last on record.
 */
export async function bench(): Promise<Row[]> {
  const home = mkdtempSync(join(tmpdir(), 'signalbox-bench-'))
  try {
    const file = join(home, 'lines.txt')
    const bytes = await writeLogLines(file, lines)
    const ours: Measured[] = []
    const pm2: { ms: number; cpuMs: number | null; lost: number }[] = []
    for (let round = 0; round < repetitions; round++) {
      ours.push(await measureOurs(file, join(home, `ours-${round}`, 'logs.db')))
      pm2.push(await measurePm2(file, bytes, mkdtempSync(join(home, 'pm2-'))))
    }
    const of = (what: keyof Measured): number => median(ours.map((one) => one[what] ?? Number.NaN))
    const pm2CpuMs = median(pm2.map(({ cpuMs }) => cpuMs ?? Number.NaN))
    return [
      atLeast('lines a second, times those of pm2 with timestamps', median(pm2.map(({ ms }) => ms)) / of('ms'), 3),
      atMost('lines lost, with pauses without an end', Math.max(...ours.map(({ lost }) => lost)), 0),
      atMost('main thread busy, share of the time', of('busy'), 0.1),
      told('processor time of the daemon of pm2, times that of the log thread', pm2CpuMs / of('threadCpuMs')),
      told('bytes on the disk a line, share of the text', of('bytesPerLine') / (bytes / lines)),
      told('bytes on the disk a line', of('bytesPerLine')),
      told('growth of memory at most, MiB', Math.max(...ours.map(({ memoryMb }) => memoryMb))),
      told('lines that pm2 lost', Math.max(...pm2.map(({ lost }) => lost))),
    ]
  } finally {
    rmSync(home, { recursive: true, force: true, maxRetries: 5 })
  }
}

async function measureOurs(input: string, file: string): Promise<Measured> {
  const { store } = await openLogStore({ file, worker: storeWorker })
  await using _ = store
  const masker = new Masker()
  masker.learn(Array.from({ length: 20 }, (__, index) => `planted-${index}-${(index * 7919).toString(36)}-secret`))
  await using pipeline = createLogPipeline({
    intake: store.intake,
    masker,
  })
  pipeline.keepEvery(true)
  const idleMemory = process.memoryUsage.rss()
  let memory = idleMemory
  const child = spawn('cat', [input], { stdio: ['ignore', 'pipe', 'inherit'] })
  let startMs = 0
  const threadBefore = cpuMsOf('self', logThread)
  let cpuBefore = process.threadCpuUsage()
  child.stdout.once('data', () => {
    startMs = performance.now()
    cpuBefore = process.threadCpuUsage()
  })
  pipeline.read({ server: serverId('flood'), run_id: null, stream: 'stdout' }, child.stdout)
  const sampling = setInterval(() => {
    memory = Math.max(memory, process.memoryUsage.rss())
  }, 100)
  await once(child.stdout, 'close')
  await pipeline.flush()
  const ms = performance.now() - startMs
  const cpu = process.threadCpuUsage(cpuBefore)
  const threadAfter = cpuMsOf('self', logThread)
  clearInterval(sampling)
  return {
    ms,
    threadCpuMs: threadBefore === null || threadAfter === null ? null : threadAfter - threadBefore,
    busy: (cpu.user + cpu.system) / 1000 / ms,
    lost: await missing(store),
    bytesPerLine: (statSync(file).size + statSync(`${file}-wal`).size) / lines,
    memoryMb: (memory - idleMemory) / 2 ** 20,
  }
}

/** Reads every line back: how many are not there, or not as they were written. */
async function missing(store: LogStore): Promise<number> {
  let found = 0
  for (let after = 0; ; ) {
    const page = await store.following({ after, through: Number.MAX_SAFE_INTEGER, limit: pageSize })
    for (const { seq, text } of page) if (text === logLine(seq - 1)) found++
    if (page.length < pageSize) return lines - found
    after = page.at(-1)!.seq
  }
}

async function measurePm2(
  file: string,
  bytes: number,
  home: string,
): Promise<{ ms: number; cpuMs: number | null; lost: number }> {
  using pm2 = new Pm2(home)
  const { ms, cpuMs, log } = await pm2.takeIn(file, bytes)
  const written = readFileSync(log)
  let count = 0
  for (let at = written.indexOf(10); at !== -1; at = written.indexOf(10, at + 1)) count++
  return { ms, cpuMs, lost: lines - count }
}
