// How lines may lie in the store, in one run: a row a line, or blocks of 64 KiB, plain and compressed. Ratios to the rows, by
// processor time of taking them in, by disk, by a search over all lines, and by reading the newest 200.
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import { setPragmas } from '../engine/store/pragmas.ts'
import { connect, type Sqlite } from '../engine/store/sqlite.ts'
import { textMatcher } from '../engine/store/text-matcher.ts'
import { median } from './bench.ts'
import { logLine } from './log-lines.ts'

const lines = 1_000_000
const linesAtOnce = 600
const repetitions = 3
const needle = `no=${lines - 7}`

interface Layout {
  add(first: number, texts: readonly string[]): void
  search(needle: string): number
  newest(): number
}

const layouts: Record<string, (sqlite: Sqlite) => Layout> = {
  'a row a line': rows,
  'plain blocks': (sqlite) => blocks(sqlite, { pack: (text) => text, open: (body) => body }),
  'zstd blocks, level 1': (sqlite) => blocks(sqlite, zstd(1)),
  'zstd blocks, level 3': (sqlite) => blocks(sqlite, zstd(3)),
}

interface Measured {
  cpuMs: number
  bytes: number
  searchMs: number
  newestMs: number
}

const measured = new Map(Object.keys(layouts).map((name) => [name, [] as Measured[]]))
const home = mkdtempSync(join(tmpdir(), 'signalbox-bench-'))
try {
  for (let repetition = 0; repetition < repetitions; repetition++) {
    for (const [name, make] of Object.entries(layouts)) {
      measured.get(name)!.push(measure(make, join(home, `${name} ${repetition}.db`)))
    }
  }
} finally {
  rmSync(home, { recursive: true, force: true })
}
const base = measured.get('a row a line')!
for (const [name, all] of measured) {
  const ratio = (what: keyof Measured): string =>
    (median(all.map((one) => one[what])) / median(base.map((one) => one[what]))).toFixed(2)
  console.log(
    `${name}: taking in ${ratio('cpuMs')}x, disk ${ratio('bytes')}x, search ${ratio('searchMs')}x, newest 200 ${ratio('newestMs')}x`,
  )
}

function measure(make: (sqlite: Sqlite) => Layout, file: string): Measured {
  const sqlite = connect(file)
  try {
    setPragmas(sqlite, { applicationId: 1, survives: 'app_death', pageSize: 4096, checkpointBytes: 4 * 1024 * 1024 })
    const layout = make(sqlite)
    let cpuUs = 0
    for (let first = 0; first < lines; first += linesAtOnce) {
      const count = Math.min(linesAtOnce, lines - first)
      const texts = Array.from({ length: count }, (_, index) => logLine(first + index))
      const before = process.threadCpuUsage()
      sqlite.transaction(() => layout.add(first, texts))()
      const { user, system } = process.threadCpuUsage(before)
      cpuUs += user + system
    }
    sqlite.pragma('wal_checkpoint(truncate)')
    if (layout.search(needle) !== 1) throw new Error('the search missed its line')
    const searches = Array.from({ length: 5 }, () => timed(() => layout.search(needle)))
    const pages = Array.from({ length: 200 }, () => timed(() => layout.newest()))
    return {
      cpuMs: cpuUs / 1000,
      bytes: statSync(file).size,
      searchMs: median(searches),
      newestMs: median(pages),
    }
  } finally {
    sqlite.close()
  }
}

function rows(sqlite: Sqlite): Layout {
  sqlite.exec(
    'create table lines (seq integer primary key, server text, level integer, text text); create index by_server on lines (server, seq)',
  )
  const insert = sqlite.prepare('insert into lines values (?, ?, ?, ?)')
  const search = sqlite.prepare('select * from lines where instr(lower(text), lower(?)) > 0 order by seq desc')
  const newest = sqlite.prepare('select * from lines order by seq desc limit 200')
  return {
    add: (first, texts) => {
      for (const [index, text] of texts.entries()) insert.run(first + index, 'server', 2, text)
    },
    search: (text) => search.all(text).length,
    newest: () => newest.all().length,
  }
}

function blocks(sqlite: Sqlite, { pack, open }: { pack(text: Buffer): Buffer; open(body: Buffer): Buffer }): Layout {
  sqlite.exec('create table blocks (first integer primary key, server text, levels text, body blob)')
  const insert = sqlite.prepare('insert into blocks values (?, ?, ?, ?)')
  const all = sqlite.prepare('select body from blocks order by first desc').pluck()
  const texts = function* (): Generator<string> {
    for (const body of all.iterate() as Iterable<Buffer>) yield open(body).toString('utf8')
  }
  return {
    add: (first, some) => insert.run(first, 'server', '2'.repeat(some.length), pack(Buffer.from(some.join('\n')))),
    search: (needle) => {
      const holds = textMatcher(needle)
      let found = 0
      for (const text of texts()) if (holds(text)) found += text.split('\n').filter(holds).length
      return found
    },
    newest: () => {
      let found = 0
      for (const text of texts()) {
        found += text.split('\n').length
        if (found >= 200) break
      }
      return found
    },
  }
}

function zstd(level: number) {
  const params = { [constants.ZSTD_c_compressionLevel]: level, [constants.ZSTD_c_checksumFlag]: 1 }
  return {
    pack: (text: Buffer) => zstdCompressSync(text, { params }),
    open: (body: Buffer) => zstdDecompressSync(body, { chunkSize: 128 * 1024 }),
  }
}

function timed(ask: () => unknown): number {
  const start = performance.now()
  ask()
  return performance.now() - start
}
