import { exampleOf, type JsonSchema } from './example-of.ts'
import { requestExamples } from './openapi-examples.ts'
import { problemContentType } from './problem.ts'

export interface Parameter {
  readonly name: string
  readonly in: 'path' | 'query' | 'header'
  readonly required?: boolean
  readonly description?: string
  readonly schema: JsonSchema
}

interface Media {
  readonly schema?: JsonSchema & { readonly description?: string }
  readonly example?: unknown
}

interface Answer {
  readonly description: string
  readonly content?: Readonly<Record<string, Media>>
}

/** One operation of the document, as far as it is looked at here. */
export interface Operation {
  readonly operationId: string
  readonly summary?: string
  readonly parameters?: readonly Parameter[]
  readonly requestBody?: { readonly required?: boolean; readonly content: Readonly<Record<string, Media>> }
  readonly responses: Readonly<Record<string, Answer>>
}

const refusals = {
  400: 'The request does not fit; `issues` says where',
  401: 'There is no token, or a wrong one',
  403: 'This token, this host or this origin may not do that',
  404: 'Nothing has that id or name',
  409: 'It cannot be done as things stand; `code` says why',
  '4XX': 'It cannot be done; `code` says why',
  '5XX': 'Signalbox, or a service that it asked, failed; `code` says which',
}

const problemExample = {
  type: 'urn:signalbox:problem:unknown_server',
  title: 'Not Found',
  status: 404,
  detail: 'There is no server "note".',
  code: 'unknown_server',
  hint: 'Known servers: notes.',
}

const idempotencyKey: Parameter = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description:
    'The same request with the same key makes one task, for 24 hours; another request with it is refused with 422',
  schema: { type: 'string' },
}

const traceparent: Parameter = {
  name: 'traceparent',
  in: 'header',
  required: false,
  description:
    'The place in a trace of who asks (W3C Trace Context), with `tracestate` and `baggage`; its server hears of it',
  schema: { type: 'string' },
}

const ownHeaders: Readonly<Record<string, readonly Parameter[]>> = {
  'tasks.create': [idempotencyKey, traceparent],
  'tasks.rerun': [traceparent],
}

/** An operation with all that its procedure does not say: how it is refused, how lists are sent, examples, its group. */
export function describedOperation(method: string, path: string, operation: Operation): object {
  const { operationId, parameters = [], requestBody, responses } = operation
  const own = ownHeaders[operationId] ?? []
  const all = [...own, ...parameters.map(plainParameter)]
  return {
    ...operation,
    tags: [path.split('/')[1]],
    ...(all.length > 0 && { parameters: all }),
    ...(requestBody && {
      requestBody: { ...requestBody, content: withExamples(requestBody.content, requestExamples[operationId], false) },
    }),
    responses: {
      ...Object.fromEntries(
        Object.entries(streamed(method, path, responses)).map(([status, answer]) => [
          status,
          answer.content === undefined ? answer : { ...answer, content: withExamples(answer.content, undefined, true) },
        ]),
      ),
      ...Object.fromEntries(
        Object.entries(refusals).map(([status, description]) => [
          status,
          {
            description,
            content: {
              [problemContentType]: { schema: { $ref: '#/components/schemas/Problem' }, example: problemExample },
            },
          },
        ]),
      ),
    },
  }
}

/** Lists are sent as repeated parameters, and nothing is taken empty. */
function plainParameter({ name, in: where, required, description, schema }: Parameter): object {
  return {
    name,
    in: where,
    required: required ?? false,
    ...(description !== undefined && { description }),
    schema,
    ...(where === 'query' && schema.type === 'array' && { style: 'form', explode: true }),
  }
}

function withExamples(content: Readonly<Record<string, Media>>, known: unknown, isWhole: boolean): object {
  const media = Object.entries(content).map(([type, { schema }]) => {
    const isJson = type === 'application/json' && schema !== undefined
    return [type, isJson ? { schema, example: known ?? exampleOf(schema, { isWhole }) } : { schema }]
  })
  return Object.fromEntries(media)
}

/** What the routes with a stream send for `Accept: text/event-stream`. */
function streamed(method: string, path: string, responses: Operation['responses']): Operation['responses'] {
  const description = method === 'get' ? streams[path] : undefined
  const ok = responses['200']
  if (description === undefined || ok === undefined) return responses
  const stream = { 'text/event-stream': { schema: { type: 'string', description } } }
  return { ...responses, 200: { ...ok, content: { ...ok.content, ...stream } } }
}

const streams: Readonly<Record<string, string>> = {
  '/tasks/{task_id}/events': 'Events `task_event`, then one `end` with the task',
  '/logs': 'Events `log_batch`',
}
