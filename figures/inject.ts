import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from '@playwright/test'
import { ensureBrowser } from '../scripts/ensure-browser.ts'
import { Figure, type FigureOptions } from './figure.ts'
import { agreed, type Field, fields, held, type Stage, until } from './inject/fields.ts'
import { type Files, speaker, writeFiles } from './inject/files.ts'
import { GuardedServer } from './inject/guarded-server.ts'
import { asClientName, asServerId, asToolName, hostileTexts, markOf } from './inject/texts.ts'
import { Visit } from './inject/visit.ts'
import { type Json, Program } from './program.ts'

/** How many requests are under way at once while the texts are said. */
const lanes = 6

/**
 * 200 hostile texts (short: 8), fed by real servers, clients and files through the engine, in every field of the page in
 * a real browser: each is shown, none runs, links, reports or leads anywhere. `only`: fields by a part of their names.
 */
export async function inject({ short, seed, only }: FigureOptions): Promise<Figure> {
  const figure = new Figure('inject')
  const root = await mkdtemp(join(tmpdir(), 'signalbox-figure-'))
  const texts = hostileTexts(short ? 8 : 200, seed)
  try {
    using guarded = await GuardedServer.start(texts)
    const files = await writeFiles(root, texts, guarded.url)
    await using program = await Program.start(files.home, files.env)
    const tasks = await speak(program, texts)
    const clients = await introduce(program, texts)
    const noSandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : []
    const browser = await chromium.launch({ executablePath: ensureBrowser(), args: noSandbox })
    try {
      const context = await browser.newContext({ viewport: { width: 1280, height: 1600 }, reducedMotion: 'reduce' })
      const visit = await Visit.open(program, context)
      const stage: Stage = { program, visit, texts, tasks, clients, guarded }
      const isAsked = ({ name }: Field): boolean => only.length === 0 || only.some((part) => name.includes(part))
      for (const field of fields.filter(isAsked)) await look(figure, stage, field)
      if (isAsked(agreed)) await change(figure, stage, files)
    } finally {
      await browser.close()
    }
  } finally {
    await rm(root, { recursive: true, force: true })
  }
  return figure
}

/** Has the servers say everything: a call of each tool, every other one failing, and a start of each broken server. */
async function speak(program: Program, texts: readonly string[]): Promise<string[]> {
  const { body } = await program.request('POST', `/servers/${speaker}/start?wait_s=60`)
  assert.equal(body.state, 'ready', body.reason)
  return sideBySide(texts, async (text, index) => {
    const task = await program.call(speaker, asToolName(text), { index, words: text, fails: index % 2 === 1 })
    await program.task(task)
    await program.request('POST', `/servers/${encodeURIComponent(asServerId(text))}/start?wait_s=20`)
    return task
  })
}

/** A client for each text, which says that it is that text, and a profile of its own; their ids. */
async function introduce(program: Program, texts: readonly string[]): Promise<string[]> {
  return sideBySide(texts, async (text, index) => {
    const profile = { name: text.slice(0, 80), others: 'off', servers: [] }
    const id = `p${index}`
    await answered(program.request('PUT', `/profiles/${id}`, { id, ...profile }))
    const made = await answered(program.request('POST', '/clients', { name: asClientName(text), profile: id }))
    const clientInfo = { name: text, version: text }
    const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo }
    const response = await fetch(`${program.url}/mcp`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${made.token}`,
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
      },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params }),
    })
    assert.equal(response.status, 200, await response.text())
    return String(made.client.id)
  })
}

/** Looks at a field with every text; each text is a promise of its own. */
async function look(figure: Figure, stage: Stage, field: Field): Promise<void> {
  const { name, atOnce, within = 'main', times = 1, mark = markOf } = field
  const isSome = atOnce === 0
  const marks = stage.texts.map((_, index) => mark(index))
  const size = isSome ? marks.length : Math.min(atOnce, marks.length)
  for (let from = 0; from < marks.length; from += size) {
    const shown = marks.slice(from, from + size)
    const seen = await tried(async () => {
      await field.show(stage, from)
      const drawn = await stage.visit.drawn({ within, marks: shown, times, least: isSome ? 1 : shown.length })
      return { drawn, offences: await stage.visit.witness.look() }
    })
    await field.leave?.(stage)
    const isKept = async (isDrawn: (drawn: Set<string>) => boolean): Promise<void> => {
      if (seen instanceof Error) throw seen
      assert.deepEqual(seen.offences, [])
      assert.ok(isDrawn(seen.drawn), 'the text is not shown')
    }
    if (isSome) await figure.check(name, () => isKept((drawn) => drawn.size > 0))
    else for (const one of shown) await figure.check(`${name}, ${one}`, () => isKept((drawn) => drawn.has(one)))
  }
}

/** What shows only once the servers, or the file that names them, are not as they were. */
async function change(figure: Figure, stage: Stage, { config }: Files): Promise<void> {
  const { program, texts, visit } = stage
  const changed = JSON.parse(await readFile(config, 'utf8')) as Json
  // A command that there is: of one that cannot be found there is nothing to agree to.
  for (const id of texts.map(asServerId)) changed.mcpServers[id] = { command: 'node', args: [id, 'and more'] }
  await writeFile(config, JSON.stringify(changed, null, 2))
  await until('what waits for consent', async () => {
    const { items } = await program.get('/servers')
    return items.filter(({ state }: Json) => state === 'needs_consent').length === texts.length
  })
  await look(figure, stage, agreed)
  await program.task(await program.call(speaker, asToolName(texts[0]!), { index: 0, changes: true }))
  await until('tools that are held back', async () => {
    return (await program.get(`/servers/${speaker}`)).held_tools.length === texts.length
  })
  await look(figure, stage, held)
  await figure.check('notice of a file that cannot be read', async () => {
    await writeFile(config, `{ "mcpServers": { ${JSON.stringify(texts[0])}: ${texts[0]} } }`)
    await until('a notice of the broken file', async () => {
      const { items } = await program.get('/attention')
      return items.some((item: Json) => JSON.stringify(item).includes('mcp.json'))
    })
    assert.deepEqual(await visit.witness.look(), [])
  })
  await figure.check('palette with every name', async () => {
    await visit.page.keyboard.press('Control+k')
    await visit.page.getByRole('dialog', { name: 'Do anything' }).waitFor()
    await visit.page.keyboard.type('m000')
    const marks = texts.map((_, index) => markOf(index))
    assert.ok(
      (await visit.drawn({ within: '[role=dialog][aria-label="Do anything"]', marks, times: 1, least: 1 })).size > 0,
    )
    assert.deepEqual(await visit.witness.look(), [])
  })
}

/** The outcome of work on every text, in their order, some at once. */
async function sideBySide<T>(
  texts: readonly string[],
  work: (text: string, index: number) => Promise<T>,
): Promise<T[]> {
  const results: T[] = []
  const waiting = texts.entries()
  const lane = async (): Promise<void> => {
    for (const [index, text] of waiting) results[index] = await work(text, index)
  }
  await Promise.all(Array.from({ length: lanes }, lane))
  return results
}

async function answered(asked: ReturnType<Program['request']>): Promise<Json> {
  const { status, body } = await asked
  assert.ok(status < 300, JSON.stringify(body))
  return body
}

/** The outcome, or the error that came instead. */
async function tried<T>(work: () => Promise<T>): Promise<T | Error> {
  try {
    return await work()
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  }
}
