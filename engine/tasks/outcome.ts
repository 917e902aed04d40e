import type { TaskError, TaskStatus } from '../../shared/task.ts'
import type { Answer, JsonObject, Unfinished } from '../links/link.ts'

/** How a task ends: the part of its row that the answer decides. */
export interface Outcome {
  status: Extract<TaskStatus, 'completed' | 'failed' | 'cancelled' | 'timed_out'>
  result?: JsonObject
  error?: TaskError
}

/** Raw text that is kept of an answer that is none. */
const rawKept = 64 * 1024

/** What a server's answer to `tools/call` makes of the task. */
export function outcomeOf(answer: Answer, server: string): Outcome {
  switch (answer.kind) {
    case 'result':
      return outcomeOfResult(answer.result, server)
    case 'error':
      return failed({
        code: 'server_error',
        message: `${server} refused the call: ${answer.error.message}`,
        hint: 'Check the arguments, and the log of the server.',
        details: answer.error,
      })
    case 'timed_out':
      return {
        status: 'timed_out',
        error: {
          code: 'timed_out',
          message: `${server} gave no ${answer.which === 'idle' ? 'answer or progress' : 'answer'} in ${seconds(answer.limitMs)} and the call was cancelled${cutOff(answer.unfinished)}.`,
          hint: 'Run it again with a higher limit (`timeout_ms`), or look at the log of the server.',
          ...(answer.unfinished && { raw: cut(answer.unfinished.head) }),
        },
      }
    case 'cancelled':
      return {
        status: 'cancelled',
        error: { code: 'cancelled', message: 'The call was cancelled.', hint: null },
      }
    case 'invalid':
      return failed({ ...answer.failure, code: 'invalid_answer', details: answer.failure.code, raw: cut(answer.raw) })
    case 'closed':
      return failed({ ...answer.failure })
    default:
      return answer satisfies never
  }
}

function outcomeOfResult(result: JsonObject, server: string): Outcome {
  const fault = faultIn(result)
  if (fault !== null) {
    return failed({
      code: 'invalid_answer',
      message: `${server} answered with something that is no tool result: ${fault}.`,
      hint: 'This is a defect of the server; the raw answer is kept with the task.',
      raw: cut(JSON.stringify(result)),
    })
  }
  if (result.resultType === 'input_required') {
    return failed({
      code: 'input_required',
      message: `${server} asks for more input before it goes on, which this version cannot give.`,
      hint: 'Call the tool from a client that can answer questions.',
      details: result,
    })
  }
  if (result.isError === true) {
    return {
      status: 'failed',
      result,
      error: {
        code: 'tool_error',
        message: firstText(result) ?? 'The tool reported an error without a text.',
        hint: 'The tool ran and says why it failed; change the arguments, or look at the log of the server.',
      },
    }
  }
  return { status: 'completed', result }
}

/** What keeps a result from being one that a client can show; null when nothing does. Unknown content types are fine. */
function faultIn(result: JsonObject): string | null {
  if (result.resultType === 'input_required' || result.resultType === 'task') return null
  const { content } = result
  if (content === undefined) return 'structuredContent' in result ? null : '`content` is missing'
  if (!Array.isArray(content)) return '`content` is not a list'
  for (const [index, block] of content.entries()) {
    if (block === null || typeof block !== 'object' || Array.isArray(block))
      return `content ${index + 1} is not an object`
    if (typeof block.type !== 'string') return `content ${index + 1} has no type`
  }
  return null
}

/** The first text of a result, for headlines. */
function firstText(result: JsonObject): string | null {
  if (!Array.isArray(result.content)) return null
  for (const block of result.content) {
    if (block !== null && typeof block === 'object' && !Array.isArray(block) && typeof block.text === 'string') {
      return block.text.length > 500 ? `${block.text.slice(0, 500)}…` : block.text
    }
  }
  return null
}

function cutOff(unfinished: Unfinished | undefined): string {
  return unfinished === undefined ? '' : `; it had sent an incomplete message (${unfinished.bytes} bytes)`
}

const failed = (error: TaskError): Outcome => ({ status: 'failed', error })
const cut = (text: string): string => (text.length > rawKept ? text.slice(0, rawKept) : text)

function seconds(ms: number): string {
  return ms < 1000 ? `${ms} ms` : `${Number((ms / 1000).toFixed(1))} s`
}
