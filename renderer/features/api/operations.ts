/** One thing that REST does, as the page shows it. */
export interface ApiOperation {
  /** As the contract names it: `tasks.create`. */
  id: string
  method: string
  path: string
  summary: string
  group: string
  parameters: readonly ApiParameter[]
  /** JSON schema of the body; null where there is none. */
  body: unknown
  bodyExample: Record<string, unknown>
  responses: readonly { status: string; description: string; types: readonly string[]; example: unknown }[]
}

export interface ApiParameter {
  name: string
  in: 'path' | 'query' | 'header'
  isRequired: boolean
  description: string
  schema: unknown
}

type Json = Readonly<Record<string, unknown>>

/** The operations of an OpenAPI document, in its order. */
export function operationsIn(document: Json): ApiOperation[] {
  return Object.entries(record(document.paths)).flatMap(([path, methods]) =>
    Object.entries(record(methods)).map(([method, operation]) => readOperation(method, path, record(operation))),
  )
}

function readOperation(method: string, path: string, operation: Json): ApiOperation {
  const content = record(record(record(operation.requestBody).content)['application/json'])
  return {
    id: String(operation.operationId),
    method: method.toUpperCase(),
    path,
    summary: String(operation.summary ?? ''),
    group: String((operation.tags as unknown[] | undefined)?.[0] ?? ''),
    parameters: ((operation.parameters ?? []) as Json[]).map((parameter) => ({
      name: String(parameter.name),
      in: parameter.in as ApiParameter['in'],
      isRequired: parameter.required === true,
      description: String(parameter.description ?? record(parameter.schema).description ?? ''),
      schema: parameter.schema,
    })),
    body: content.schema ?? null,
    bodyExample: record(content.example) as Record<string, unknown>,
    responses: Object.entries(record(operation.responses)).map(([status, response]) => {
      const media = record(record(response).content)
      return {
        status,
        description: String(record(response).description ?? ''),
        types: Object.keys(media),
        example: record(media['application/json']).example,
      }
    }),
  }
}

/** Those whose path, name or summary hold all words of a query. */
export function matching(operations: readonly ApiOperation[], query: string): ApiOperation[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean)
  return operations.filter(({ id, method, path, summary }) => {
    const text = `${method} ${path} ${id} ${summary}`.toLowerCase()
    return words.every((word) => text.includes(word))
  })
}

/** What is sent to try one: the parts of its path, and its body. */
export function firstInput({ parameters, bodyExample }: ApiOperation): Record<string, unknown> {
  const inPath = parameters.filter((parameter) => parameter.in === 'path')
  return { ...Object.fromEntries(inPath.map(({ name }) => [name, ''])), ...bodyExample }
}

/** The same request from a terminal. */
export function curlOf(
  { method, path, parameters, body }: ApiOperation,
  input: Json,
  { url, home }: { url: string; home: string },
): string {
  const names = (where: ApiParameter['in']) => parameters.filter((one) => one.in === where).map(({ name }) => name)
  const inPath = names('path')
  const inQuery = names('query')
  const filled = path.replace(/\{(\w+)\}/g, (whole, name) => {
    const value = input[name]
    return value === undefined || value === '' ? whole : encodeURIComponent(String(value))
  })
  const query = inQuery.flatMap((name) =>
    input[name] === undefined ? [] : [input[name]].flat().map((value): [string, string] => [name, String(value)]),
  )
  const rest = Object.entries(input).filter(([name]) => !inPath.includes(name) && !inQuery.includes(name))
  const address = `${url}/api/v1${filled}${query.length === 0 ? '' : `?${new URLSearchParams(query)}`}`
  return [
    `curl -sS${method === 'GET' ? '' : ` -X ${method}`} ${quoted(address)}`,
    `-H "Authorization: Bearer $(cat ${quoted(`${home}/token`)})"`,
    ...(body === null
      ? []
      : [`-H 'Content-Type: application/json'`, `-d ${quoted(JSON.stringify(Object.fromEntries(rest)))}`]),
  ].join(' \\\n  ')
}

/** For a POSIX shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}

function record(value: unknown): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {}
}
