import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { type Browser, chromium } from '@playwright/test'
import { openStore } from '../engine/store/open-store.ts'
import { Program } from '../figures/program.ts'
import { ensureBrowser } from '../scripts/ensure-browser.ts'
import { type ServerId, type TaskId, uuidV7 } from '../shared/ids.ts'
import { atMost, median, type Row } from './bench.ts'

const few = 100
const many = 100_000
const repetitions = 9

/** From opening the page to its first rows, on 100,000 stored tasks against 100, turn about in one browser. */
export async function bench(): Promise<Row[]> {
  const folder = await mkdtemp(join(tmpdir(), 'signalbox-bench-'))
  try {
    await seed(join(folder, 'few'), few)
    await seed(join(folder, 'many'), many)
    await using small = await Program.start(join(folder, 'few'))
    await using large = await Program.start(join(folder, 'many'))
    const browser = await chromium.launch({ executablePath: ensureBrowser(), args: ['--no-sandbox', '--disable-gpu'] })
    try {
      return await compare(browser, small, large)
    } finally {
      await browser.close()
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function compare(browser: Browser, small: Program, large: Program): Promise<Row[]> {
  const pages = [
    { what: 'tasks, 100,000 against 100', route: '#/tasks', ready: '[role=grid] [role=row] >> nth=20' },
    { what: 'home, 100,000 against 100', route: '#/', ready: 'text=Just finished' },
  ]
  const rows: Row[] = []
  for (const { what, route, ready } of pages) {
    const times = { small: [] as number[], large: [] as number[] }
    for (let turn = 0; turn <= repetitions; turn++) {
      const [a, b] = [await paint(browser, small, route, ready), await paint(browser, large, route, ready)]
      // The first turn warms caches of both and does not count.
      if (turn === 0) continue
      times.small.push(a)
      times.large.push(b)
    }
    rows.push(atMost(what, median(times.large) / median(times.small), 1.3))
  }
  return rows
}

/** Milliseconds from the start of the navigation until the rows are there. */
async function paint(browser: Browser, program: Program, route: string, ready: string): Promise<number> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } })
  try {
    const page = await context.newPage()
    await page.goto(await program.pageLink())
    await page.goto('about:blank')
    const start = performance.now()
    await page.goto(`${program.url}/${route}`)
    await page.locator(ready).first().waitFor()
    return performance.now() - start
  } finally {
    await context.close()
  }
}

async function seed(home: string, count: number): Promise<void> {
  await mkdir(home, { recursive: true })
  // With no server at all the page would open with the import.
  await writeFile(join(home, 'mcp.json'), '{ "mcpServers": { "server-0": { "command": "node" } } }')
  const { store } = await openStore({
    file: join(home, 'signalbox.db'),
    worker: resolve('engine/store/store-worker.ts'),
  })
  await using _ = store
  const begin = Date.now() - count * 500
  const batch = 2_000
  for (let from = 0; from < count; from += batch) {
    const indexes = Array.from({ length: Math.min(batch, count - from) }, (_, offset) => from + offset)
    await Promise.all(indexes.map((index) => insert(index, begin + index * 500)))
    // A read waits for all that was acknowledged, so that the journal does not run ahead of the store.
    await store.tasks.count()
  }

  async function insert(index: number, ms: number): Promise<void> {
    const task_id = uuidV7(ms) as TaskId
    const created_at = new Date(ms).toISOString()
    await store.tasks.insert(
      {
        task_id,
        agent: `server-${index % 8}` as ServerId,
        action: `tool_${index % 40}`,
        origin: index % 3 === 0 ? 'page' : 'api',
        parent_id: null,
        rerun_of: null,
        created_at,
        timeout_ms: 60_000,
        parameters: { path: `/home/ada/src/${index}.ts`, text: 'x'.repeat(200) },
      },
      [],
    )
    const finish = { finished_at: created_at, started_at: created_at, duration_ms: index % 900, sent: true }
    const result = { content: [{ type: 'text', text: 'y'.repeat(500) }] }
    await store.tasks.update(task_id, { ...finish, status: index % 20 === 0 ? 'failed' : 'completed', result }, [])
  }
}
