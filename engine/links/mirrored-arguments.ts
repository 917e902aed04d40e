import { isObject } from './json-object.ts'
import type { Json, JsonObject } from './link.ts'

/** An argument that a modern tool wants repeated in a header, by `x-mcp-header` in its input schema. */
export interface Mirror {
  readonly path: readonly string[]
  /** In lower case, without the prefix. */
  readonly header: string
  readonly isNumber: boolean
}

export const mirrorPrefix = 'mcp-param-'

const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/
const mirroredTypes: ReadonlySet<unknown> = new Set(['string', 'integer', 'boolean'])
const MAX_LEVELS = 20

/** What tools want repeated in headers, learnt from every list that passes by. */
export class MirroredArguments {
  readonly #mirrors = new Map<string, Mirror[]>()

  learn(tools: Json[]): void {
    for (const tool of tools) {
      if (!isObject(tool) || typeof tool.name !== 'string') continue
      const mirrors = isObject(tool.inputSchema) ? findMirrors(tool.inputSchema, []) : []
      if (mirrors.length > 0) this.#mirrors.set(tool.name, mirrors)
      else this.#mirrors.delete(tool.name)
    }
  }

  /** The arguments of a call that its tool wants in headers: header name to value, both yet to be encoded. */
  of(message: JsonObject): Record<string, string> {
    const params = isObject(message.params) ? message.params : {}
    if (message.method !== 'tools/call' || typeof params.name !== 'string') return {}
    const values: Record<string, string> = {}
    for (const { path, header } of this.#mirrors.get(params.name) ?? []) {
      const value = mirroredText(params.arguments, path)
      if (value !== null) values[mirrorPrefix + header] = value
    }
    return values
  }
}

/** What a tool wants repeated in headers; nothing where it wants it in a way that cannot be followed. */
export function mirrorsOf(tool: Json): readonly Mirror[] {
  if (!isObject(tool) || !isObject(tool.inputSchema) || mirrorFault(tool) !== null) return []
  return findMirrors(tool.inputSchema, [])
}

/** An argument as it stands in a header; null where there is none, or its digits cannot be told for sure. */
export function mirroredText(parameters: Json | undefined, path: readonly string[]): string | null {
  const value = path.reduce<Json | undefined>(
    (node, key) => (isObject(node) && Object.hasOwn(node, key) ? node[key] : undefined),
    parameters,
  )
  if (value === undefined || value === null || typeof value === 'object') return null
  return Number.isInteger(value) && !Number.isSafeInteger(value) ? null : String(value)
}

/**
 * Why a tool cannot be called over HTTP as it wants: an argument that is to stand in a header whose name is none, or
 * is that of another argument too, or that is no plain value. Null where all is well.
 */
export function mirrorFault(tool: Json): string | null {
  const seen = new Set<string>()
  const look = (schema: Json | undefined, level: number): string | null => {
    if (!isObject(schema) || !isObject(schema.properties) || level > MAX_LEVELS) return null
    for (const [key, property] of Object.entries(schema.properties)) {
      const fault = isObject(property) ? (faultOf(key, property, seen) ?? look(property, level + 1)) : null
      if (fault !== null) return fault
    }
    return null
  }
  return isObject(tool) ? look(tool.inputSchema, 0) : null
}

function faultOf(key: string, property: JsonObject, seen: Set<string>): string | null {
  const header = property['x-mcp-header']
  if (header === undefined) return null
  if (typeof header !== 'string' || !token.test(header)) return `the header of "${key}" has no name that can be sent`
  if (!mirroredTypes.has(property.type)) return `"${key}" is no plain value and cannot stand in a header`
  const name = header.toLowerCase()
  if (seen.has(name)) return `two arguments want the header "${header}"`
  seen.add(name)
  return null
}

/** Declarations count on plain properties of plain types alone; anywhere else the specification forbids them. */
function findMirrors(schema: JsonObject, path: string[]): Mirror[] {
  if (!isObject(schema.properties) || path.length > MAX_LEVELS) return []
  return Object.entries(schema.properties).flatMap(([key, property]) => {
    if (!isObject(property)) return []
    const header = property['x-mcp-header']
    const isGood = typeof header === 'string' && token.test(header) && mirroredTypes.has(property.type)
    return [
      ...(isGood
        ? [{ path: [...path, key], header: header.toLowerCase(), isNumber: property.type === 'integer' }]
        : []),
      ...findMirrors(property, [...path, key]),
    ]
  })
}
