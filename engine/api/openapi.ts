import { OpenAPIGenerator } from '@orpc/openapi'
import { ZodToJsonSchemaConverter } from '@orpc/zod/zod4'
import { contract } from '../../shared/contract.ts'
import { apiPrefix } from './api-router.ts'
import { describedOperation, type Operation } from './openapi-operation.ts'

const problemSchema = {
  type: 'object',
  required: ['type', 'title', 'status', 'detail', 'code', 'hint'],
  properties: {
    type: { type: 'string', format: 'uri' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string', description: 'What happened, for people' },
    code: { type: 'string', description: 'Stable; programs may match on it' },
    hint: { type: ['string', 'null'], description: 'What to do next' },
    // Facts for programs, each with the codes that have it.
    issues: {
      type: 'array',
      description: '`invalid_input`: what does not fit, and where',
      items: {
        type: 'object',
        required: ['path', 'message'],
        properties: {
          path: { type: 'array', items: { type: ['string', 'integer'] } },
          message: { type: 'string' },
        },
      },
    },
    problems: {
      type: 'array',
      description: '`invalid_rule`: each with its place in the rule',
      items: { type: 'object' },
    },
    current: { description: '`stale_version`: what stands there now, with its version' },
    fields: { type: 'array', items: { type: 'string' }, description: '`masked_fields`: what must be given anew' },
    line: { type: 'integer', description: 'Of a file that cannot be read' },
    column: { type: 'integer', description: 'Of a file that cannot be read' },
    reason: { type: 'string', description: '`target_refused`: why, in one word' },
    retry_after_ms: { type: 'integer', description: 'Milliseconds for which a service is left in peace' },
  },
} as const

/** What REST has besides the procedures of the contract. */
const ownPaths: Readonly<Record<string, Readonly<Record<string, Operation>>>> = {
  '/openapi.json': {
    get: {
      operationId: 'openapi.document',
      summary: 'This document',
      responses: {
        200: {
          description: 'OK',
          content: {
            'application/json': {
              schema: {
                type: 'object',
                required: ['openapi', 'paths'],
                properties: { openapi: { type: 'string' }, paths: { type: 'object' } },
              },
            },
          },
        },
      },
    },
  },
  '/page-links': {
    post: {
      operationId: 'page.link',
      summary: 'A link that opens the page once, within a minute',
      responses: {
        201: {
          description: 'OK',
          content: {
            'application/json': {
              schema: { type: 'object', required: ['url'], properties: { url: { type: 'string', format: 'uri' } } },
            },
          },
        },
      },
    },
  },
  '/exports/{what}': {
    get: {
      operationId: 'exports.download',
      summary: 'All tasks or log lines as NDJSON, newest first',
      parameters: [{ name: 'what', in: 'path', required: true, schema: { type: 'string', enum: ['tasks', 'logs'] } }],
      responses: { 200: { description: 'OK', content: { 'application/x-ndjson': { schema: { type: 'string' } } } } },
    },
  },
}

/** The OpenAPI 3.1 document of `/api/v1`, made from the contract. */
export async function openApiDocument({
  version,
  url,
}: {
  version: string
  url: string
}): Promise<Record<string, unknown>> {
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
  const paths = { ...(document.paths as typeof ownPaths), ...ownPaths }
  return {
    ...document,
    components: { ...document.components, schemas: { Problem: problemSchema } },
    paths: Object.fromEntries(
      Object.entries(paths).map(([path, methods]) => [
        path,
        Object.fromEntries(
          Object.entries(methods).map(([method, operation]) => [method, describedOperation(method, path, operation)]),
        ),
      ]),
    ),
  }
}
