import type { Tool } from '../../../shared/server.ts'

/** The arguments that a tool cannot do without, with nothing in them yet. */
export function argumentSkeleton({ inputSchema }: Pick<Tool, 'inputSchema'>): Record<string, unknown> {
  const { required, properties } = (inputSchema ?? {}) as { required?: unknown; properties?: Record<string, unknown> }
  const names = Array.isArray(required) ? required.filter((name) => typeof name === 'string') : []
  return Object.fromEntries(names.map((name) => [name, emptyOf(properties?.[name])]))
}

/** All names of its arguments: `owner, repo, labels (optional)`. */
export function argumentWords(tool: Pick<Tool, 'inputSchema'>): string {
  const { properties } = (tool.inputSchema ?? {}) as { properties?: Record<string, unknown> }
  const required = new Set(Object.keys(argumentSkeleton(tool)))
  return Object.keys(properties ?? {})
    .map((name) => (required.has(name) ? name : `${name} (optional)`))
    .join(', ')
}

function emptyOf(schema: unknown): unknown {
  const { type, default: given } = Object(schema) as { type?: unknown; default?: unknown }
  if (given !== undefined) return given
  switch (type) {
    case 'number':
    case 'integer':
      return 0
    case 'boolean':
      return false
    case 'array':
      return []
    case 'object':
      return {}
    default:
      return ''
  }
}
