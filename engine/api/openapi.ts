import { OpenAPIGenerator } from '@orpc/openapi'
import { ZodToJsonSchemaConverter } from '@orpc/zod/zod4'
import { contract } from '../../shared/contract.ts'
import { apiPrefix } from './api-router.ts'
import { problemContentType } from './problem.ts'

const problemSchema = {
  type: 'object',
  required: ['type', 'title', 'status', 'detail', 'code', 'hint'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string', description: 'What happened, for people' },
    code: { type: 'string', description: 'Stable; programs may match on it' },
    hint: { type: ['string', 'null'], description: 'What to do next' },
  },
} as const

const problemResponses = {
  '4XX': problem('The request cannot be done; `code` says why'),
  '5XX': problem('Signalbox failed'),
}

const pageLinkPath = {
  post: {
    operationId: 'page.link',
    summary: 'A link that opens the page once, within a minute',
    responses: {
      201: {
        description: 'OK',
        content: {
          'application/json': {
            schema: { type: 'object', required: ['url'], properties: { url: { type: 'string' } } },
          },
        },
      },
    },
  },
} as const

const exportPath = {
  get: {
    operationId: 'exports.download',
    summary: 'All tasks or log lines as NDJSON, newest first',
    parameters: [{ name: 'what', in: 'path', required: true, schema: { type: 'string', enum: ['tasks', 'logs'] } }],
    responses: { 200: { description: 'OK', content: { 'application/x-ndjson': { schema: { type: 'string' } } } } },
  },
} as const

/** The OpenAPI 3.1 document of `/api/v1`, made from the contract. */
export async function openApiDocument({ version, url }: { version: string; url: string }): Promise<unknown> {
  const generator = new OpenAPIGenerator({ schemaConverters: [new ZodToJsonSchemaConverter()] })
  const document = await generator.generate(contract, {
    info: { title: 'Signalbox', version, license: { name: 'MIT', identifier: 'MIT' } },
    servers: [{ url: `${url}${apiPrefix}` }],
    security: [{ token: [] }],
    components: {
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer', description: 'The text of `<home>/token`' },
      },
    },
    filter: ({ contract: procedure }) => procedure['~orpc'].route.path !== undefined,
  })
  const paths = { ...document.paths, '/page-links': pageLinkPath, '/exports/{what}': exportPath }
  return {
    ...document,
    components: { ...document.components, schemas: { Problem: problemSchema } },
    paths: Object.fromEntries(Object.entries(paths).map(describeFailures)),
  }
}

function describeFailures([path, methods]: [string, object | undefined]): [string, object] {
  const described = Object.entries(methods ?? {}).map(([method, operation]) => {
    const { responses, ...rest } = operation as { responses?: Record<string, unknown> }
    const streams = streamOf(method, path)
    return [method, { ...rest, responses: { ...withStream(responses ?? {}, streams), ...problemResponses } }]
  })
  return [path, Object.fromEntries(described)]
}

/** What the routes with a stream send for `Accept: text/event-stream`. */
function streamOf(method: string, path: string): string | null {
  if (method !== 'get') return null
  if (path === '/tasks/{task_id}/events') return 'Events `task_event`, then one `end` with the task'
  if (path === '/logs') return 'Events `log_batch`'
  return null
}

function withStream(responses: Record<string, unknown>, description: string | null): object {
  if (description === null) return responses
  const ok = responses['200'] as { content?: object }
  const stream = { 'text/event-stream': { schema: { type: 'string', description } } }
  return { ...responses, 200: { ...ok, content: { ...ok.content, ...stream } } }
}

function problem(description: string) {
  return { description, content: { [problemContentType]: { schema: { $ref: '#/components/schemas/Problem' } } } }
}
