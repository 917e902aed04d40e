import type { LogLine } from '../../shared/log.ts'
import type { ExportKind } from '../../shared/settings-contract.ts'
import type { LogPipeline } from '../logs/log-pipeline.ts'
import type { LogStore, Page, Store } from '../store/store.ts'

interface Sources {
  store: Pick<Store, 'tasks'>
  logStore: Pick<LogStore, 'list'>
  logs: Pick<LogPipeline, 'flush'>
}

const pageSize = 500

/** All tasks with their time lines, or all log lines, newest first, each as one line of JSON; a page at a time. */
export async function* exportLines(
  what: ExportKind,
  { store, logStore, logs }: Sources,
): AsyncGenerator<string[], void> {
  if (what === 'logs') {
    await logs.flush()
    yield* pages(
      (before) => logStore.list({ limit: pageSize, before }),
      (lines: LogLine[]) => lines.map(asLine),
    )
    return
  }
  yield* pages(
    (before) => store.tasks.list({ limit: pageSize, before }),
    async (summaries) => {
      const whole = await Promise.all(
        summaries.map(async ({ task_id }) => {
          const [task, events] = await Promise.all([store.tasks.get(task_id), store.tasks.events(task_id)])
          // Retention may have taken it meanwhile.
          return task === null ? [] : [asLine({ ...task, events })]
        }),
      )
      return whole.flat()
    },
  )
}

const asLine = (value: unknown): string => `${JSON.stringify(value)}\n`

async function* pages<T>(
  ask: (before: string | undefined) => Promise<Page<T>>,
  linesOf: (items: T[]) => string[] | Promise<string[]>,
): AsyncGenerator<string[], void> {
  let before: string | undefined
  do {
    const page = await ask(before)
    yield await linesOf(page.items)
    before = page.next_before ?? undefined
  } while (before !== undefined)
}
