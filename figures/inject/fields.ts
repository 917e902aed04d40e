import { setTimeout as delay } from 'node:timers/promises'
import type { Json, Program } from '../program.ts'
import { guarded, speaker } from './files.ts'
import type { GuardedServer } from './guarded-server.ts'
import { asServerId, asToolName, markOf } from './texts.ts'
import type { Visit } from './visit.ts'

/** All that a field may need to show a text. */
export interface Stage {
  readonly program: Program
  readonly visit: Visit
  readonly texts: readonly string[]
  /** Ids of the tasks, one for each text; those of the clients likewise. */
  readonly tasks: readonly string[]
  readonly clients: readonly string[]
  readonly guarded: GuardedServer
}

/** One place of the page where texts of others stand. */
export interface Field {
  readonly name: string
  /** How many texts one visit shows; 0: as many as there is room for, which counts as one. */
  readonly atOnce: number
  /** Has these texts shown, named by the first of them. */
  show(stage: Stage, index: number): Promise<void>
  /** Leaves nothing open that the next texts would meet. */
  leave?(stage: Stage): Promise<void>
  /** Part of the page, as a selector; `main` unless told. */
  readonly within?: string
  /** What beside the field shows the same text counts as well; 1 unless told. */
  readonly times?: number
  readonly mark?: (index: number) => string
}

const dialog = '[role=dialog]'
const all = Number.POSITIVE_INFINITY

const at = (path: (stage: Stage, index: number) => string) => (stage: Stage, index: number) =>
  stage.visit.go(path(stage, index))
const serverPath = ({ texts }: Stage, index: number): string =>
  `/servers/${encodeURIComponent(asServerId(texts[index]!))}`
const closed = ({ visit }: Stage): Promise<void> => visit.page.keyboard.press('Escape')

const ruleId = crypto.randomUUID()

async function showHeldCalls({ program, texts, visit }: Stage): Promise<void> {
  const rule = { id: ruleId, name: `rule ${texts[0]}`.slice(0, 80), timeout_s: 86_400 }
  await program.request('PUT', `/approval-rules/${ruleId}`, rule)
  for (const [index, text] of texts.entries()) await program.call(speaker, asToolName(text), { index, words: text })
  await visit.go('/approvals')
}

/** Every field of the page that shows what others say, in the order in which it is looked at. */
export const fields: readonly Field[] = [
  { name: 'name and reason of a server', atOnce: 1, show: at(serverPath) },
  { name: 'history of a server', atOnce: 1, show: at(serverPath), within: '[aria-label=History]' },
  {
    name: 'configuration of a server',
    atOnce: 1,
    show: at((stage, index) => `${serverPath(stage, index)}?tab=config`),
    within: '[aria-label=Entry] div >>> .cm-content',
  },
  {
    name: 'tool, its fields and arguments',
    atOnce: 1,
    show: at(({ texts }, index) => `/runner/${speaker}/${encodeURIComponent(asToolName(texts[index]!))}`),
    times: 2,
  },
  {
    name: 'tool of a server, with its schema',
    atOnce: 1,
    show: at(
      ({ texts }, index) => `/servers/${speaker}?tab=tools&tool=${encodeURIComponent(asToolName(texts[index]!))}`,
    ),
    times: 3,
  },
  {
    name: 'task, its parameters, result and error',
    atOnce: 1,
    show: at(({ tasks }, index) => `/tasks/${tasks[index]}`),
    times: 3,
  },
  // Marks that begin alike are looked for together.
  { name: 'log line', atOnce: 10, show: at((_, index) => `/logs?q=${markOf(index).slice(0, 4)}`) },
  { name: 'name in the list of servers', atOnce: all, show: at(() => '/servers') },
  { name: 'tool in the list of a server', atOnce: all, show: at(() => `/servers/${speaker}?tab=tools`) },
  {
    name: 'tool in the list of the runner',
    atOnce: all,
    async show({ visit }) {
      await visit.go(`/runner/${speaker}`)
      // Of many tools the list shows a few at first.
      const more = visit.page
        .getByRole('region', { name: speaker, exact: true })
        .getByRole('button', { name: / more$/ })
      const first = visit.page.getByRole('region', { name: speaker, exact: true }).getByRole('link').first()
      await first.waitFor()
      if (await more.isVisible()) await more.click()
    },
  },
  { name: 'candidate of another program', atOnce: all, show: at(() => '/import') },
  { name: 'home', atOnce: 0, show: at(() => '/') },
  { name: 'log of a server', atOnce: 0, show: at(() => `/servers/${speaker}?tab=logs`) },
  { name: 'tasks of a server', atOnce: 0, show: at(() => `/servers/${speaker}?tab=tasks`) },
  { name: 'list of tasks', atOnce: 0, show: at(() => '/tasks') },
  { name: 'user of a secret', atOnce: 0, show: at(() => '/settings') },
  {
    name: 'folder of the search path',
    atOnce: all,
    show: at(() => '/settings'),
    mark: (index) => markOf(index).replace('m', 'f'),
  },
  { name: 'client and what it says it is', atOnce: all, show: at(() => '/clients'), times: 3 },
  { name: 'profile', atOnce: all, show: at(() => '/clients?view=profiles') },
  { name: 'server of a profile', atOnce: all, show: at(() => '/clients?view=profiles&profile=p0'), times: 2 },
  {
    name: 'tool of a profile',
    atOnce: all,
    async show({ visit }) {
      await visit.go('/clients?view=profiles&profile=p0')
      await visit.page.getByRole('button', { name: `Show the tools of ${speaker}`, exact: true }).click()
    },
    within: `[aria-label="Tools of ${speaker}"]`,
  },
  { name: 'client in the budget', atOnce: all, show: at(() => '/clients?view=context'), within: budgetOf('client') },
  { name: 'profile in the budget', atOnce: all, show: at(() => '/clients?view=context'), times: 3 },
  {
    name: 'tool in the budget',
    atOnce: all,
    async show({ visit }) {
      await visit.go('/clients?view=context')
      await visit.page.getByRole('grid', { name: 'Context by server' }).getByRole('row', { name: speaker }).click()
    },
    within: budgetOf('server'),
  },
  {
    name: 'why a tool is missing',
    atOnce: 1,
    show: at(({ clients }, index) => `/clients?why=${clients[index]}`),
    within: dialog,
    times: 3,
  },
  {
    name: "other entry in a program's file that would change",
    atOnce: all,
    async show({ visit }) {
      await visit.go('/clients')
      const programs = visit.page.getByRole('region', { name: 'Programs on this machine' })
      await programs.getByRole('listitem', { name: 'Windsurf' }).getByRole('button', { name: 'Connect' }).click()
    },
    leave: closed,
    within: dialog,
  },
  {
    name: 'question of a server, with its form',
    atOnce: 1,
    async show({ program, visit, texts }, index) {
      const text = texts[index]!
      await program.call(speaker, asToolName(text), { index, asks: true })
      const { id } = await until('a question', async () => {
        const { items } = await program.get('/questions')
        return items.find(({ params }: Json) => params.message === text)
      })
      await visit.go(`/settings?question=${id}`)
    },
    async leave({ program }) {
      const { items } = await program.get('/questions')
      for (const { id } of items) {
        await program.request('POST', `/questions/${id}/answer`, { answer: { kind: 'decline' } })
      }
    },
    within: dialog,
    times: 3,
  },
  {
    name: 'granted scope of a sign-in',
    atOnce: all,
    async show(stage) {
      stage.guarded.refusal = null
      await signIn(stage.program)
      await stage.visit.go(`/servers/${guarded}`)
    },
    leave: async ({ program }) => void (await program.request('DELETE', `/servers/${guarded}/sign-in`)),
    within: '[aria-label=Granted]',
  },
  {
    name: 'why a sign-in failed',
    atOnce: 1,
    async show(stage, index) {
      stage.guarded.refusal = stage.texts[index]!
      await signIn(stage.program)
      await stage.visit.go(`/servers/${guarded}`)
    },
    // While one signs in the panel links to the authorization server, which is meant.
    leave: ({ visit }) => visit.go('/settings'),
    within: '[aria-label=Sign-in]',
  },
  {
    name: 'name of a file and what is wrong with it',
    atOnce: 1,
    async show({ visit, texts }, index) {
      const { page } = visit
      const dialogOfFile = page.getByRole('dialog').filter({ hasText: 'Export tasks' })
      if (!(await dialogOfFile.isVisible())) {
        await visit.go('/settings')
        const backup = page.getByRole('region', { name: 'Backup', exact: true })
        await backup.getByRole('button', { name: 'Export…' }).first().click()
      }
      // As long as the path of a file may be.
      await dialogOfFile.getByRole('textbox', { name: 'File' }).fill(texts[index]!.slice(0, 4_000))
      await dialogOfFile.getByRole('button', { name: 'Export', exact: true }).click()
    },
    // A toast, on top of the dialog.
    within: '[role=alertdialog]',
  },
  { name: 'held call and its arguments', atOnce: 0, show: showHeldCalls },
  {
    name: 'rule of approvals',
    atOnce: 0,
    show: at(() => '/approvals?view=rules'),
    // What is called from here on is to leave at once.
    async leave({ program }) {
      await program.request('DELETE', `/approval-rules/${ruleId}`)
    },
  },
]

/** What a person agrees to once the entries of all servers have changed. */
export const agreed: Field = {
  name: 'difference in an entry',
  atOnce: 1,
  show: at(serverPath),
  within: '[aria-label="What you agree to"]',
}

/** The same once the tools have. */
export const held: Field = {
  name: 'difference in a tool',
  atOnce: all,
  show: at(() => `/servers/${speaker}`),
  within: '[aria-label="What you agree to"]',
  times: 3,
}

function budgetOf(what: string): string {
  return `[aria-label="Context by ${what}"]`
}

/** As a browser does that comes back from the authorization server. */
async function signIn(program: Program): Promise<void> {
  const { body } = await program.request('POST', `/servers/${guarded}/sign-in`)
  if (body.url === undefined) throw new Error(`no sign-in: ${JSON.stringify(body)}`)
  const asked = new URL(body.url).searchParams
  const back = new URL(asked.get('redirect_uri')!)
  back.search = new URLSearchParams({ code: 'any', state: asked.get('state')! }).toString()
  await (await fetch(back)).text()
}

/** What is looked for once it is there. */
export async function until<T>(what: string, find: () => Promise<T | undefined | null | false>): Promise<T> {
  const deadline = Date.now() + 60_000
  for (;;) {
    const found = await find()
    if (found) return found
    if (Date.now() > deadline) throw new Error(`${what} never came`)
    await delay(20)
  }
}
