import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { LogLineRepo } from '../engine/store/log-repo.ts'
import { openDatabase } from '../engine/store/open-database.ts'
import { connect } from '../engine/store/sqlite.ts'
import { serverId } from '../engine/store/test-store.ts'
import type { LogLine } from '../shared/log.ts'
import { atMost, median, type Row, told } from './bench.ts'
import { logLine } from './log-lines.ts'

const lines = 1_000_000
const linesAtOnce = 2_000
const servers = Array.from({ length: 20 }, (_, index) => serverId(`server ${index}`))
const rareNeedle = `no=${lines - 7}`
const commonNeedle = 'session'
const frameMs = 1000 / 60
const scans = 7
const pages = 200

/**
 * 1,000,000 lines of 20 servers, as the store keeps them and as one row a line: any text in any case over all lines against a
 * scan of the rows by `like`, by processor time, and the newest 200 lines with a common word against one frame of a screen.
 */
export async function bench(): Promise<Row[]> {
  const home = mkdtempSync(join(tmpdir(), 'signalbox-bench-'))
  try {
    using database = await openDatabase(join(home, 'logs.db'), 'logs')
    const repo = new LogLineRepo(database.sqlite)
    const rows = connect(join(home, 'rows.db'))
    rows.exec('create table lines (seq integer primary key, server text, text text)')
    const insert = rows.prepare('insert into lines values (?, ?, ?)')
    for (let first = 0; first < lines; first += linesAtOnce) {
      const some = Array.from({ length: linesAtOnce }, (_, index) => line(first + index))
      await repo.append(some)
      rows.transaction(() => {
        for (const { seq, server, text } of some) insert.run(seq, server, text)
      })()
    }
    const scan = rows.prepare('select * from lines where text like ? order by seq desc limit 201')
    const search = async (q: string): Promise<number> => (await repo.list({ limit: 200, q })).items.length
    const times = { scan: [] as number[], rare: [] as number[], common: [] as number[] }
    for (let round = 0; round < scans; round++) {
      times.scan.push(await costOf(() => scan.all(`%${rareNeedle}%`)))
      times.rare.push(await costOf(() => search(rareNeedle.toUpperCase())))
    }
    for (let page = 0; page < pages; page++) times.common.push(await timed(() => search(commonNeedle)))
    rows.close()
    const found = await search(rareNeedle)
    return [
      atMost('any text in all lines, against a scan of rows', median(times.rare) / median(times.scan), 2.5),
      atMost('newest 200 with a common word, share of a frame', median(times.common) / frameMs, 1),
      told('newest 200 with a common word, 99th of 100, share of a frame', slowest(times.common) / frameMs),
      atMost('lines of the rare text that were missed', 1 - found, 0),
    ]
  } finally {
    rmSync(home, { recursive: true, force: true })
  }
}

function line(number: number): LogLine {
  return {
    seq: number + 1,
    at: new Date(Date.UTC(2026, 10, 22) + Math.floor(number / 50)).toISOString(),
    server: servers[Math.floor(number / 50) % servers.length]!,
    run_id: null,
    stream: 'stderr',
    level: 'info',
    level_guessed: true,
    text: logLine(number),
  }
}

/** Microseconds of processor time, all threads: a busy neighbour on the machine does not count. */
async function costOf(ask: () => unknown): Promise<number> {
  const before = process.cpuUsage()
  await ask()
  const { user, system } = process.cpuUsage(before)
  return user + system
}

async function timed(ask: () => unknown): Promise<number> {
  const start = performance.now()
  await ask()
  return performance.now() - start
}

function slowest(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[Math.floor(times.length * 0.99)]!
}
