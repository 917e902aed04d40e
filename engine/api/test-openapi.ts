import { type Schema, Validator } from '@cfworker/json-schema'
import type { Program } from './open-program.ts'
import { openApiDocument } from './openapi.ts'
import type { Operation } from './openapi-operation.ts'

/** The document as a reader has it. */
interface Document {
  readonly openapi: string
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: { readonly schemas: { readonly Problem: Schema }; readonly securitySchemes: object }
}

export const document = (await openApiDocument({ version: '0.0.0', url: 'http://localhost' })) as unknown as Document
export const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ name: `${method} ${path}`, method, path, operation })),
)

export interface Answer {
  readonly status: number
  readonly type: string
  // biome-ignore lint/suspicious/noExplicitAny: whatever it says; the document is what it is held against
  readonly body: any
}

/** One request to the REST API, with the owner token unless told. */
export async function send(
  { face }: Pick<Program, 'face'>,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const response = await fetch(`${face.url}/api/v1${path}`, {
    method: method.toUpperCase(),
    headers: {
      authorization: `Bearer ${face.token}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  const type = response.headers.get('content-type')?.split(';')[0] ?? ''
  return { status: response.status, type, body: isJson(type) ? JSON.parse(text) : text }
}

const isJson = (type: string): boolean => type === 'application/json' || type === 'application/problem+json'

/** What is wrong with an answer by the document; null where nothing is. */
export function strayed(operation: Operation, { status, type, body }: Answer): string | null {
  const { responses } = operation
  const declared = responses[status] ?? responses[`${Math.floor(status / 100)}XX`]
  if (declared === undefined) return `${status} is not declared`
  // Nothing here should make it fail inside itself; services outside are not asked.
  if (body?.code === 'internal_error') return `it failed inside itself: ${JSON.stringify(body)}`
  const media = declared.content?.[type]
  if (media === undefined) return `${type} is not declared for ${status}`
  if (!isJson(type) || media.schema === undefined) return null
  // A member that the document does not describe is as wrong as one of another type.
  const schema = status < 400 ? media.schema : { ...document.components.schemas.Problem, additionalProperties: false }
  const { valid, errors } = new Validator(schema as Schema, '2020-12', false).validate(body)
  if (!valid) return `${status} does not fit its schema: ${JSON.stringify(errors.at(-1))} ${JSON.stringify(body)}`
  return status >= 400 && body.status !== status ? 'the problem names another status' : null
}
