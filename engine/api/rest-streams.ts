import { ORPCError } from '@orpc/client'
import { createRouterClient } from '@orpc/server'
import { AppError } from '../../shared/app-error.ts'
import type { TaskId } from '../../shared/ids.ts'
import { isFinished } from '../../shared/task.ts'
import type { CallContext } from '../router.ts'
import { type ApiRouter, apiPrefix } from './api-router.ts'
import { eventStreamResponse, type SentEvent } from './event-stream.ts'
import { problemOf, problemResponse } from './problem.ts'
import { defect, fromWire, type ReportDefect, wireErrors } from './wire-error.ts'

type Client = ReturnType<typeof clientOf>
type Events = AsyncGenerator<SentEvent, void, void>

/** The routes that stream. Null: the request is none of theirs, or did not ask for a stream. */
export function createRestStreams(router: ApiRouter, report: ReportDefect) {
  return async (request: Request, context: CallContext): Promise<Response | null> => {
    const url = new URL(request.url)
    const found = opener(url.pathname.slice(apiPrefix.length))
    if (found === null || request.method !== 'GET') return null
    if (!(request.headers.get('accept') ?? '').includes('text/event-stream')) return null
    try {
      const events = await found.open(clientOf(router, context, report), url, request, found.parameter)
      return eventStreamResponse(events, (error) => ({ event: 'error', data: problemOf(appErrorOf(error)) }))
    } catch (error) {
      return problemResponse(appErrorOf(error))
    }
  }
}

type Opener = (client: Client, url: URL, request: Request, parameter: string | undefined) => Promise<Events>

/** What streams, by its path below `/api/v1` in the manner of OpenAPI. */
const streams: Readonly<Record<string, Opener>> = {
  '/events': openAppEvents,
  '/logs': openLogTail,
  '/tasks/{task_id}/events': openTaskEvents,
}

export const streamPaths: readonly string[] = Object.keys(streams)

function opener(path: string): { open: Opener; parameter: string | undefined } | null {
  for (const [template, open] of Object.entries(streams)) {
    const match = new RegExp(`^${template.replace(/\{\w+\}/, '([^/]+)')}$`).exec(path)
    if (match !== null) return { open, parameter: match[1] }
  }
  return null
}

async function openTaskEvents(client: Client, _url: URL, request: Request, parameter?: string): Promise<Events> {
  const taskId = parameter as TaskId
  const after = lastNumber(request) ?? 0
  // Asked first, so that an unknown task is a 404 and not an empty stream.
  await client.tasks.get({ task_id: taskId })
  const batches = await client.tasks.follow({ task_id: taskId, after }, { signal: request.signal })
  return taskEvents(batches)
}

async function* taskEvents(batches: Awaited<ReturnType<Client['tasks']['follow']>>): Events {
  for await (const { events, task } of batches) {
    for (const event of events) yield { event: 'task_event', id: String(event.number), data: event }
    if (isFinished(task.status)) return yield { event: 'end', data: task }
  }
}

async function openAppEvents(client: Client, _url: URL, request: Request): Promise<Events> {
  const resume = /^([^:]+):(\d+)$/.exec(request.headers.get('last-event-id') ?? '')
  const input = resume === null ? {} : { epoch: resume[1]!, after: Number(resume[2]) }
  return appEvents(await client.app.events(input, { signal: request.signal }))
}

async function* appEvents(messages: Awaited<ReturnType<Client['app']['events']>>): Events {
  for await (const message of messages) {
    yield { event: message.kind, id: `${message.epoch}:${message.seq}`, data: message }
  }
}

async function openLogTail(client: Client, url: URL, request: Request): Promise<Events> {
  const { level, q } = Object.fromEntries(url.searchParams)
  const after = lastNumber(request)
  const input = { server: values(url, 'server'), stream: values(url, 'stream'), level, q, after }
  // The contract says whether these are servers, streams and a level.
  type TailInput = Parameters<Client['logs']['tail']>[0]
  return logBatches(await client.logs.tail(input as TailInput, { signal: request.signal }))
}

async function* logBatches(batches: Awaited<ReturnType<Client['logs']['tail']>>): Events {
  for await (const batch of batches) {
    const id = batch.lines.at(-1)?.seq
    yield { event: 'log_batch', ...(id === undefined ? {} : { id: String(id) }), data: batch }
  }
}

function values(url: URL, name: string): string[] | undefined {
  const found = url.searchParams.getAll(name).flatMap((value) => value.split(','))
  return found.length === 0 ? undefined : found
}

/** The `Last-Event-ID` of a reader that comes back. */
function lastNumber(request: Request): number | undefined {
  const value = request.headers.get('last-event-id')
  if (value === null || value === '') return undefined
  if (/^\d{1,15}$/.test(value)) return Number(value)
  throw new AppError('invalid_input', 'Last-Event-ID is not the id of an event of this stream.', {
    status: 400,
    hint: 'Leave the header out to read from the start.',
  })
}

function clientOf(router: ApiRouter, context: CallContext, report: ReportDefect) {
  return createRouterClient(router, { context, interceptors: [wireErrors(report)] })
}

function appErrorOf(error: unknown): AppError {
  if (error instanceof AppError) return error
  return error instanceof ORPCError ? fromWire(error) : defect()
}
