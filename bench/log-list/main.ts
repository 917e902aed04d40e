// Our list of log lines against an idle page and against @tanstack/react-virtual with the same row, in one run.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { type Browser, chromium, type Page } from 'playwright-core'
import { build, preview } from 'vite'
import { findBrowser } from '../../scripts/find-browser.ts'
import { atLeast, atMost, median, type Row, told } from '../bench.ts'
import type {} from './page-window.ts'

type ListName = 'own' | 'tanstack' | 'idle'

const repetitions = 3
const many = 1_000_000
const scrollMs = 3000
/** Px a frame: a wheel spun as fast as fingers can (6,000 px/s), and a thumb dragged past any reading (60,000 px/s). */
const pace = { fast: 100, flight: 1000 }
/** 5,000 lines a second. */
const tailed = { batches: 100, linesEach: 250, everyMs: 50 }
const here = fileURLToPath(new URL('.', import.meta.url))

/** Measures everything, in turns. */
export async function bench(): Promise<Row[]> {
  const outDir = mkdtempSync(join(tmpdir(), 'signalbox-log-list-'))
  try {
    const vite = {
      root: here,
      configFile: false as const,
      logLevel: 'error' as const,
      build: { outDir, target: 'es2024' },
    }
    await build({ ...vite, plugins: [react()] })
    await using server = await served(vite)
    await using browser = await opened()
    return await measured(browser.browser, server.url)
  } finally {
    rmSync(outDir, { recursive: true, force: true })
  }
}

async function served(vite: { root: string; configFile: false; logLevel: 'error'; build: { outDir: string } }) {
  const server = await preview({ ...vite, preview: { port: 0, host: '127.0.0.1' } })
  const address = server.httpServer.address()
  if (typeof address !== 'object' || address === null) throw new Error('The page is not served on a port')
  return { url: `http://127.0.0.1:${address.port}`, [Symbol.asyncDispose]: () => server.close() }
}

async function opened() {
  const executablePath = findBrowser() ?? undefined
  const flags = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync']
  const browser = await chromium.launch({
    executablePath,
    args: [...flags, '--disable-background-networking', '--disable-component-update'],
  })
  return { browser, [Symbol.asyncDispose]: () => browser.close() }
}

async function measured(browser: Browser, url: string): Promise<Row[]> {
  const fps = { idle: [] as number[], own: [] as number[], tanstack: [] as number[] }
  const flight = { own: [] as number[], tanstack: [] as number[] }
  const busy = { own: [] as number[], tanstack: [] as number[] }
  const script = { own: [] as number[], tanstack: [] as number[] }
  const paint = { many: [] as number[], few: [] as number[] }
  let [blank, behind] = [0, 0]
  for (let repetition = 0; repetition < repetitions; repetition++) {
    fps.idle.push(
      (await onPage(browser, url, 'idle', 0, (page) => page.evaluate((ms) => window.bench.idle(ms), scrollMs))).fps,
    )
    for (const list of ['own', 'tanstack'] as const) {
      for (const [speed, into] of [
        [pace.fast, fps],
        [pace.flight, flight],
      ] as const) {
        const scrolled = await onPage(browser, url, list, many, (page) =>
          page.evaluate(([px, ms]) => window.bench.scroll(px, ms), [speed, scrollMs] as const),
        )
        into[list].push(scrolled.fps)
        if (list === 'own') blank += scrolled.blank
      }
      const followed = await onPage(browser, url, list, many, tail)
      busy[list].push(followed.busy)
      script[list].push(followed.script)
      if (list === 'own' && !followed.showsEnd) behind += 1
    }
    const firstPaint = (page: Page): Promise<number> => page.evaluate(() => window.bench.firstPaintMs)
    paint.few.push(await onPage(browser, url, 'own', 1000, firstPaint))
    paint.many.push(await onPage(browser, url, 'own', many, firstPaint))
  }
  const idle = median(fps.idle)
  return [
    atLeast('scroll at 6,000 px/s, frames a second against an idle page', median(fps.own) / idle, 0.98),
    atMost('scroll at 6,000 and 60,000 px/s, blank or late frames', blank, 0),
    atMost('tail 5,000 lines/s, main thread against TanStack', median(busy.own) / median(busy.tanstack), 0.5),
    told('tail, script time against TanStack', median(script.own) / median(script.tanstack)),
    atMost('tail, runs that fell off the end', behind, 0),
    told('first paint, 1,000,000 lines against 1,000', median(paint.many) / median(paint.few)),
    told('scroll at 6,000 px/s of TanStack, the same', median(fps.tanstack) / idle),
    told('scroll at 60,000 px/s, the same', median(flight.own) / idle),
    told('scroll at 60,000 px/s of TanStack, the same', median(flight.tanstack) / idle),
  ]
}

async function onPage<T>(
  browser: Browser,
  url: string,
  list: ListName,
  lines: number,
  measure: (page: Page) => Promise<T>,
): Promise<T> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
  try {
    await page.goto(`${url}/?list=${list}&lines=${lines}`)
    await page.waitForFunction(() => 'bench' in window)
    return await measure(page)
  } finally {
    await page.close()
  }
}

/** Processor time of the main thread while lines come in, in seconds; other load on the machine does not count. */
async function tail(page: Page): Promise<{ busy: number; script: number; showsEnd: boolean }> {
  const session = await page.context().newCDPSession(page)
  await session.send('Performance.enable', { timeDomain: 'threadTicks' })
  const read = async () => {
    const { metrics } = await session.send('Performance.getMetrics')
    const value = (name: string): number => metrics.find((metric) => metric.name === name)?.value ?? 0
    return { task: value('TaskDuration'), script: value('ScriptDuration') }
  }
  const before = await read()
  await page.evaluate((of) => window.bench.tail(of.batches, of.linesEach, of.everyMs), tailed)
  const after = await read()
  return {
    busy: after.task - before.task,
    script: after.script - before.script,
    showsEnd: await page.evaluate(() => window.bench.showsEnd()),
  }
}
