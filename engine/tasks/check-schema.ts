const types: ReadonlySet<unknown> = new Set(['array', 'boolean', 'integer', 'null', 'number', 'object', 'string'])
/** Keywords that hold one schema, several, or several by name. */
const one = ['additionalProperties', 'contains', 'else', 'if', 'items', 'not', 'propertyNames', 'then'] as const
const several = ['allOf', 'anyOf', 'oneOf', 'prefixItems'] as const
const named = ['$defs', 'definitions', 'dependentSchemas', 'patternProperties', 'properties'] as const

/** Whether every `type` in a JSON schema is one that there is; a validator takes any other for one that nothing has. */
export function hasKnownTypes(schema: unknown): boolean {
  const open = [schema]
  while (open.length > 0) {
    const node = open.pop()
    if (typeof node !== 'object' || node === null || Array.isArray(node)) continue
    const keywords = node as Record<string, unknown>
    if (keywords.type !== undefined && ![keywords.type].flat().every((type) => types.has(type))) return false
    for (const keyword of one) open.push(keywords[keyword])
    for (const keyword of several) if (Array.isArray(keywords[keyword])) open.push(...keywords[keyword])
    for (const keyword of named) open.push(...Object.values(keywords[keyword] ?? {}))
  }
  return true
}
