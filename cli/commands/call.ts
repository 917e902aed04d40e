import type { ServerId } from '../../shared/ids.ts'
import { isFinished, type Task } from '../../shared/task.ts'
import { callParameters } from '../call-parameters.ts'
import { type Client, withClient } from '../client.ts'
import { type Command, type Invocation, usage } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { cell, type Output } from '../output.ts'
import { visible } from '../visible.ts'

export const call: Command = {
  name: 'call',
  usage: 'SERVER TOOL [KEY=TEXT KEY:=JSON KEY=@FILE …] [--args JSON] [--timeout MS] [--callback URL] [--key TEXT]',
  summary: 'Call a tool, show its progress on stderr and print its text',
  options: {
    args: { type: 'string' },
    timeout: { type: 'string' },
    callback: { type: 'string' },
    key: { type: 'string' },
  },
  takes: [2, Number.POSITIVE_INFINITY],
  async run(invocation) {
    const { args, home, output, text, number } = invocation
    const [server, tool, ...pairs] = args as [string, string, ...string[]]
    const parameters = await callParameters(pairs, text('args')).catch((error: Error) => {
      throw usage(error.message, call)
    })
    const timeout_ms = number('timeout', 1, 24 * 3600 * 1000)
    const asked = { callback_url: text('callback'), idempotency_key: text('key') }
    const task = await withClient(home, async (client) => {
      const agent = server as ServerId
      const created = await client.tasks.create({ agent, action: tool, parameters, timeout_ms, ...asked })
      await showProgress(client, created.task_id, invocation)
      return client.tasks.get({ task_id: created.task_id })
    })
    if (output.isJson) output.json(task)
    else printResult(output, task)
    return task.status === 'completed' ? exitCodes.done : exitCodes.taskFailed
  },
}

/** Follows a task to its end; Ctrl+C cancels it. */
async function showProgress(client: Client, task_id: Task['task_id'], { output, signal }: Invocation): Promise<void> {
  // A task that ended meanwhile refuses; the time line below says how it ended.
  const cancel = (): void => void client.tasks.cancel({ task_id }).catch(() => {})
  signal.addEventListener('abort', cancel)
  try {
    for await (const { events, task } of await client.tasks.follow({ task_id })) {
      for (const { kind, data } of events) {
        if (kind === 'progress') output.note(progressLine(data))
        if (kind === 'log') output.note(cell(String(data.text ?? '')))
      }
      if (isFinished(task.status)) return
    }
  } finally {
    signal.removeEventListener('abort', cancel)
  }
}

function progressLine({ progress, total, message }: Record<string, unknown>): string {
  const share = typeof total === 'number' ? `${progress} of ${total}` : String(progress)
  return typeof message === 'string' ? `${share}  ${cell(message)}` : share
}

function printResult(output: Output, task: Task): void {
  for (const block of contentOf(task.result)) output.line(blockText(block))
  if (task.status === 'completed') return
  output.note(`The task ${task.task_id} ${wordsFor[task.status] ?? task.status}.`)
  if (task.error === undefined) return
  output.note(`${task.error.code}: ${visible(task.error.message)}`)
  if (task.error.hint !== null) output.note(visible(task.error.hint))
}

const wordsFor: Partial<Record<Task['status'], string>> = {
  failed: 'failed',
  cancelled: 'was cancelled',
  timed_out: 'timed out',
  interrupted: 'was interrupted',
}

interface Block {
  type?: unknown
  text?: unknown
  mimeType?: unknown
}

function contentOf(result: unknown): Block[] {
  const { content } = (result ?? {}) as { content?: unknown }
  return Array.isArray(content) ? content.filter((block) => typeof block === 'object' && block !== null) : []
}

function blockText({ type, text, mimeType }: Block): string {
  if (type === 'text' && typeof text === 'string') return visible(text)
  return `[${cell(String(type))}${typeof mimeType === 'string' ? ` ${cell(mimeType)}` : ''}; see it with --json]`
}
