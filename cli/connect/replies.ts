import type { IncomingMessage } from 'node:http'
import { readBody } from '../../engine/links/http-exchange.ts'
import { mediaType } from '../../engine/links/http-failure.ts'
import { membersOf, memberText } from '../../engine/links/json-text.ts'
import { readEvents } from '../../engine/links/sse-reader.ts'
import { AppError, type Failure } from '../../shared/app-error.ts'

export const maxMessageBytes = 64 * 1024 * 1024
const maxErrorBytes = 64 * 1024
const internalError = -32603

/** The messages in a response, each as text, as they come. */
export async function* messagesIn(response: IncomingMessage): AsyncGenerator<string> {
  if (mediaType(response) === 'text/event-stream') {
    for await (const { data } of readEvents(response, maxMessageBytes)) if (data !== '') yield data
  } else {
    const body = await readBody(response, maxMessageBytes)
    if (body.trim() !== '') yield body
  }
}

/** Whether a message is the answer to the request of that id, given as JSON text. */
export function isAnswerTo(text: string, id: string): boolean {
  const members = membersOf(text)
  const own = members.find(({ key }) => key === 'id')
  if (own === undefined || text.slice(own.start, own.end) !== id) return false
  return members.some(({ key }) => key === 'result' || key === 'error')
}

/**
 * What a response that is no success says: the text of a JSON-RPC error that came with it, or the failure that the
 * program told.
 */
export async function refusalIn(response: IncomingMessage): Promise<{ error: string } | { failure: AppError }> {
  const body = await readBody(response, maxErrorBytes)
  const error = body.includes('"jsonrpc"') ? memberText(body, 'error') : undefined
  if (error !== undefined) return { error }
  const problem = parsed(body)
  const message = problem.detail ?? `Signalbox answered ${response.statusCode}.`
  return { failure: new AppError(problem.code ?? 'refused', message, { hint: problem.hint ?? null }) }
}

function parsed(body: string): { code?: string; detail?: string; hint?: string | null } {
  try {
    return JSON.parse(body)
  } catch {
    // Not our words, then: the status says what there is to say.
    return {}
  }
}

export function errorAnswer(id: string, error: string): string {
  return `{"jsonrpc":"2.0","id":${id},"error":${error}}`
}

/** The JSON-RPC error that stands for a failure of ours. */
export function errorText({ code, message, hint }: Failure, rpcCode = internalError): string {
  const words = hint === null ? message : `${message} ${hint}`
  return JSON.stringify({ code: rpcCode, message: words, data: { code, hint } })
}
