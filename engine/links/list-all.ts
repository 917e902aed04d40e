import type { z } from 'zod'
import { AppError } from '../../shared/app-error.ts'
import { promptSchema, resourceSchema, resourceTemplateSchema, toolSchema } from '../../shared/server.ts'
import { isObject } from './json-object.ts'
import { entriesOf, memberText } from './json-text.ts'
import type { Answer, Json, JsonObject, Link, Listing } from './link.ts'
import { mirrorFault } from './mirrored-arguments.ts'
import type { ListKind } from './notifications.ts'
import { keepText } from './tool-text.ts'

interface ListOptions {
  /** Milliseconds for each page. */
  timeoutMs: number
  signal?: AbortSignal
  /** Where lists come from that are not asked for anew. */
  previous?: Listing
  /** Tools whose arguments cannot stand in the headers that they want are left out: over HTTP they cannot be called. */
  mirrors?: boolean
  /** Asks for one kind alone; resource templates belong to `resources`. */
  only?: ListKind
}

const MAX_PAGES = 1000
const METHOD_NOT_FOUND = -32601

/** One of a server's lists: how to ask for it and how to know a good entry. */
interface ListRequest<T> {
  method: string
  field: string
  capability: ListKind
  schema: z.ZodType<T>
  /** The field that names an entry. */
  key: string
  what: string
}

const tools = {
  method: 'tools/list',
  field: 'tools',
  capability: 'tools',
  schema: toolSchema,
  key: 'name',
  what: 'tool',
} as const
const resources = {
  method: 'resources/list',
  field: 'resources',
  capability: 'resources',
  schema: resourceSchema,
  key: 'uri',
  what: 'resource',
} as const
const templates = {
  method: 'resources/templates/list',
  field: 'resourceTemplates',
  capability: 'resources',
  schema: resourceTemplateSchema,
  key: 'uriTemplate',
  what: 'resource template',
} as const
const prompts = {
  method: 'prompts/list',
  field: 'prompts',
  capability: 'prompts',
  schema: promptSchema,
  key: 'name',
  what: 'prompt',
} as const

/**
 * All pages of everything that the server offers, its entries untouched. Malformed entries and repeated names are left
 * out and named in `warnings`. Throws an AppError when the server cannot list its tools (`list_failed`,
 * `list_timeout`), when the connection ends or the signal fires; other lists that fail are empty, with a warning.
 */
export async function listAll(link: Link, options: ListOptions): Promise<Listing> {
  const { only, previous } = options
  const warnings: string[] = []
  const wanted = (kind: ListKind) => only === undefined || only === kind
  const list = <T>(request: ListRequest<T>, kept: readonly T[] | undefined) =>
    wanted(request.capability) ? listOne(link, request, options, warnings) : Promise.resolve(kept ?? [])
  return {
    tools: await list(tools, previous?.tools),
    resources: await list(resources, previous?.resources),
    resourceTemplates: await list(templates, previous?.resourceTemplates),
    prompts: await list(prompts, previous?.prompts),
    warnings,
  }
}

async function listOne<T>(
  link: Link,
  request: ListRequest<T>,
  options: ListOptions,
  warnings: string[],
): Promise<readonly T[]> {
  if (!isObject(link.info.capabilities[request.capability])) return []
  const kept = new Map<unknown, T>()
  const seen = new Set<string>()
  let cursor: string | undefined
  for (let page = 1; ; page++) {
    const answer = await ask(link, request.method, cursor, options)
    const items = answer.kind === 'result' ? answer.result[request.field] : undefined
    if (answer.kind !== 'result' || !Array.isArray(items)) {
      const warning = failedList(request, answer)
      if (warning !== null) warnings.push(warning)
      return [...kept.values()]
    }
    const texts = answer.resultText === undefined ? [] : entriesOf(memberText(answer.resultText, request.field)!)
    for (const [index, item] of items.entries()) {
      if (isObject(item) && texts[index] !== undefined) keepText(item, texts[index])
      const fault = options.mirrors && request.capability === 'tools' ? mirrorFault(item) : null
      if (fault === null) keep(item, request, kept, warnings)
      else warnings.push(`A tool ${nameOf(item, request)} was left out: ${fault}`)
    }
    const next = answer.result.nextCursor
    if (typeof next !== 'string') return [...kept.values()]
    if (seen.has(next) || page === MAX_PAGES) {
      warnings.push(`The list of ${request.what}s does not end: ${page} ${page === 1 ? 'page' : 'pages'} kept`)
      return [...kept.values()]
    }
    seen.add(next)
    cursor = next
  }
}

function ask(link: Link, method: string, cursor: string | undefined, options: ListOptions): Promise<Answer> {
  const params: JsonObject = cursor === undefined ? {} : { cursor }
  const { timeoutMs, signal } = options
  return link.request(method, params, { timeoutMs, maxTotalMs: timeoutMs, wantsText: true, ...(signal && { signal }) })
}

function keep<T>(item: Json, request: ListRequest<T>, kept: Map<unknown, T>, warnings: string[]): void {
  const read = request.schema.safeParse(item)
  const key = isObject(item) ? item[request.key] : undefined
  if (!read.success) {
    const issue = read.error.issues[0]
    warnings.push(
      `A malformed ${request.what} ${nameOf(item, request)} was left out: ${issue?.path.join('.')}: ${issue?.message}`,
    )
  } else if (kept.has(key)) {
    warnings.push(`The server lists two ${request.what}s named "${key}"; the first is used`)
  } else {
    // What was checked is what the server gave, unknown fields and the order of keys included.
    kept.set(key, item as T)
  }
}

function nameOf(item: Json, request: ListRequest<unknown>): string {
  const key = isObject(item) ? item[request.key] : undefined
  return typeof key === 'string' ? `"${key}"` : 'without a name'
}

/** The warning that a failed list leaves, null when there is nothing to say; throws where the failure is the link's. */
function failedList(request: ListRequest<unknown>, answer: Answer): string | null {
  const said = `The server failed to list its ${request.what}s`
  switch (answer.kind) {
    case 'closed':
      throw new AppError(answer.failure.code, answer.failure.message, { hint: answer.failure.hint })
    case 'cancelled':
      throw new AppError('cancelled', `Listing the ${request.what}s was cancelled`)
    case 'timed_out':
      return failed(request, 'list_timeout', `${said} within ${answer.limitMs} ms`)
    case 'invalid':
      return failed(request, 'list_failed', `${said}: ${answer.failure.message}`)
    case 'error':
      // Many servers offer resources and know nothing of templates.
      if (answer.error.code === METHOD_NOT_FOUND && request.capability !== 'tools') return null
      return failed(request, 'list_failed', `${said}: ${answer.error.message} (${answer.error.code})`, {
        refused: answer.error.code,
      })
    case 'result':
      return failed(request, 'list_failed', `${said}: the answer holds no "${request.field}"`)
    default:
      return answer satisfies never
  }
}

function failed(
  request: ListRequest<unknown>,
  code: string,
  message: string,
  data: Readonly<Record<string, unknown>> = {},
): string {
  if (request.capability !== 'tools') return message
  throw new AppError(code, message, { hint: 'Look at its log; the server runs, but its tools are unknown.', data })
}
