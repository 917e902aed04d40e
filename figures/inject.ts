import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { type BrowserContext, chromium, type Page } from '@playwright/test'
import { ensureBrowser } from '../scripts/ensure-browser.ts'
import { Figure, type FigureOptions } from './figure.ts'
import { asServerId, asToolName, hostileTexts, markOf } from './inject/texts.ts'
import { Witness } from './inject/witness.ts'
import { type Json, Program } from './program.ts'

/** The server that says every text in every place. */
const speaker = 'speaker'

/**
 * 200 hostile texts (short: 16), fed by a real server and by real files through the engine, in every field of the page
 * in a real browser: each is shown, none runs, links, reports or leads anywhere.
 */
export async function inject({ short, seed }: FigureOptions): Promise<Figure> {
  const figure = new Figure('inject')
  const home = await mkdtemp(join(tmpdir(), 'signalbox-figure-'))
  const texts = hostileTexts(short ? 16 : 200, seed)
  try {
    await prepare(home, texts)
    await using program = await Program.start(join(home, 'app'), { HOME: home, XDG_CONFIG_HOME: join(home, '.config') })
    const tasks = await speak(program, texts)
    const noSandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : []
    const browser = await chromium.launch({ executablePath: ensureBrowser(), args: noSandbox })
    try {
      const context = await browser.newContext({ viewport: { width: 1600, height: 1200 } })
      await look(figure, program, await openPage(program, context), { texts, tasks, home })
    } finally {
      await browser.close()
    }
  } finally {
    await rm(home, { recursive: true, force: true })
  }
  return figure
}

interface Visit {
  readonly page: Page
  readonly witness: Witness
}

interface Spoken {
  readonly texts: readonly string[]
  /** Ids of the tasks, one for each text. */
  readonly tasks: readonly string[]
  readonly home: string
}

async function prepare(home: string, texts: readonly string[]): Promise<void> {
  const file = join(home, 'texts.json')
  const server = resolve('test-servers/hostile-texts.mjs')
  const named = texts.map((text, index) => [
    asServerId(text),
    // Every eighth says its text on stderr and dies, so that the text is the reason; the others cannot be found.
    index % 8 === 0
      ? { command: 'node', args: [server, file, '--dies', String(index)], signalbox: { restart: false } }
      : {
          command: text.replaceAll('\0', ''),
          args: [text.replaceAll('\0', '')],
          env: { KEY: text.replaceAll('\0', ''), ...(index % 8 === 1 && { SHARED: '${secret:SHARED}' }) },
        },
  ])
  const servers = { [speaker]: { command: 'node', args: [server, file] }, ...Object.fromEntries(named) }
  await mkdir(join(home, 'app'))
  await mkdir(join(home, '.cursor'))
  await writeFile(file, JSON.stringify(texts))
  await writeFile(join(home, 'app', 'mcp.json'), JSON.stringify({ mcpServers: servers }, null, 2))
  const candidates = texts.map((text, index) => [`${markOf(index)}c${text}`, { command: text, args: [text] }])
  await writeFile(join(home, '.cursor', 'mcp.json'), JSON.stringify({ mcpServers: Object.fromEntries(candidates) }))
}

/** Has the server say everything: a call of each tool, every other one failing, and a start of each broken server. */
async function speak(program: Program, texts: readonly string[]): Promise<string[]> {
  const { body } = await program.request('POST', `/servers/${speaker}/start?wait_s=60`)
  assert.equal(body.state, 'ready', body.reason)
  const tasks: string[] = []
  for (const [index, text] of texts.entries()) {
    const task = await program.call(speaker, asToolName(text), { index, words: text, fails: index % 2 === 1 })
    await program.task(task)
    tasks.push(task)
    await program.request('POST', `/servers/${encodeURIComponent(asServerId(text))}/start?wait_s=20`)
  }
  await hold(program, texts)
  return tasks
}

/** Has a rule hold a call with each text in its tool and its arguments; none of them ends before the program does. */
async function hold(program: Program, texts: readonly string[]): Promise<void> {
  const rule = { id: crypto.randomUUID(), name: `rule ${texts[0]}`.slice(0, 80), timeout_s: 86_400 }
  await program.request('PUT', `/approval-rules/${rule.id}`, rule)
  for (const [index, text] of texts.entries()) await program.call(speaker, asToolName(text), { index, words: text })
}

async function openPage(program: Program, context: BrowserContext): Promise<Visit> {
  const page = await context.newPage()
  const witness = await Witness.on(page, program.url)
  await page.goto(await program.pageLink())
  await page.getByRole('navigation').first().waitFor()
  return { page, witness }
}

async function look(figure: Figure, program: Program, visit: Visit, { texts, tasks, home }: Spoken): Promise<void> {
  for (const [index, text] of texts.entries()) {
    const id = encodeURIComponent(asServerId(text))
    const mark = markOf(index)
    await shows(figure, visit, `name and reason of a server, ${mark}`, `/servers/${id}`, mark)
    await shows(figure, visit, `configuration of a server, ${mark}`, `/servers/${id}?tab=config`, mark)
    await shows(
      figure,
      visit,
      `tool, its fields and arguments, ${mark}`,
      `/runner/${speaker}/${encodeURIComponent(asToolName(text))}`,
      mark,
      2,
    )
    await shows(figure, visit, `task, its parameters, result and error, ${mark}`, `/tasks/${tasks[index]}`, mark, 3)
    await shows(figure, visit, `log line, ${mark}`, `/logs?q=${mark}`, mark)
  }
  for (const [name, path] of [
    ['home', '/'],
    ['list of servers', '/servers'],
    ['tools of a server', `/servers/${speaker}?tab=tools`],
    ['log of a server', `/servers/${speaker}?tab=logs`],
    ['tasks of a server', `/servers/${speaker}?tab=tasks`],
    ['list of tasks', '/tasks'],
    ['runner', '/runner'],
    ['calls that wait, their tools and arguments', '/approvals'],
    ['rules for approvals', '/approvals?view=rules'],
    ['candidates of other programs', '/import'],
    ['users of a secret', '/settings'],
  ] as const) {
    await shows(figure, visit, name, path, 'm\\d{4}q')
  }
  await typeFiles(figure, visit, texts)
  await figure.check('notice of a file that cannot be read', async () => {
    await writeFile(join(home, 'app', 'mcp.json'), `{ "mcpServers": { ${JSON.stringify(texts[0])}: ${texts[0]} } }`)
    await waitForNotice(program)
    assert.deepEqual(await visit.witness.look(), [])
  })
  await figure.check('palette with every name', async () => {
    await visit.page.keyboard.press('Control+k')
    await visit.page.getByRole('dialog').waitFor()
    await visit.page.keyboard.type('m000')
    assert.deepEqual(await visit.witness.look(), [])
  })
}

/** What a person pastes as the name of a file comes back in the reason why it cannot be written. */
async function typeFiles(figure: Figure, { page, witness }: Visit, texts: readonly string[]): Promise<void> {
  await page.evaluate(() => {
    location.hash = '/settings'
  })
  const backup = page.getByRole('region', { name: 'Backup', exact: true })
  await backup.getByRole('button', { name: 'Export…' }).first().click()
  const dialog = page.getByRole('dialog').filter({ hasText: 'Export tasks' })
  for (const [index, text] of texts.entries()) {
    await figure.check(`name of a file and what is wrong with it, ${markOf(index)}`, async () => {
      // As long as the path of a file may be; not as a server has it in its environment, since that is masked.
      await dialog.getByRole('textbox', { name: 'File' }).fill(text.replace(' ', '/').slice(0, 4_000))
      await dialog.getByRole('button', { name: 'Export', exact: true }).click()
      await page
        .getByText(new RegExp(`"${markOf(index)}`))
        .first()
        .waitFor()
      assert.deepEqual(await witness.look(), [])
    })
  }
  await page.keyboard.press('Escape')
}

/** Goes to a place of the page, waits until the text is drawn there, and asks the witness. */
async function shows(
  figure: Figure,
  { page, witness }: Visit,
  name: string,
  path: string,
  mark: string,
  times = 1,
): Promise<void> {
  await figure.check(name, async () => {
    const isShown = await page.evaluate(showHash, { hash: path, mark, times, patienceMs: 10_000 })
    assert.ok(isShown, 'the text is not shown')
    assert.deepEqual(await witness.look(), [])
  })
}

interface Place {
  readonly hash: string
  readonly mark: string
  /** A list beside what is looked for shows it once already. */
  readonly times: number
  readonly patienceMs: number
}

/** Runs in the page: goes there and waits until a text that fits is drawn. One turn for all of it, there are many. */
async function showHash({ hash, mark, times, patienceMs }: Place): Promise<boolean> {
  const fits = new RegExp(mark, 'g')
  const deadline = performance.now() + patienceMs
  const isShown = (): boolean => {
    // The shelf of all servers is outside of it: their names are on every page.
    const text = document.querySelector('main')?.textContent ?? ''
    return [...text.matchAll(fits)].length >= times
  }
  location.hash = hash
  // The page of before goes first, so that its texts are not taken for the new ones.
  do await new Promise((resolve) => requestAnimationFrame(resolve))
  while (!isShown() && performance.now() < deadline)
  return isShown()
}

async function waitForNotice(program: Program): Promise<void> {
  const deadline = Date.now() + 20_000
  for (;;) {
    const { items } = await program.get('/attention')
    if (items.some((item: Json) => JSON.stringify(item).includes('mcp.json'))) return
    if (Date.now() > deadline)
      throw new Error(`nobody was told of the broken file: ${JSON.stringify(items).slice(0, 300)}`)
  }
}
