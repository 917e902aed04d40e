/** What is read of a JSON schema here; the schemas are those of our own contract. */
export interface JsonSchema {
  readonly type?: string | readonly string[]
  readonly format?: string
  readonly pattern?: string
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly default?: unknown
  readonly examples?: readonly unknown[]
  readonly minimum?: number
  readonly exclusiveMinimum?: number
  readonly minLength?: number
  readonly minItems?: number
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly required?: readonly string[]
  readonly items?: JsonSchema
  readonly prefixItems?: readonly JsonSchema[]
  readonly anyOf?: readonly JsonSchema[]
  readonly oneOf?: readonly JsonSchema[]
  readonly allOf?: readonly JsonSchema[]
}

const formats: Readonly<Record<string, string>> = {
  uuid: '019aab3f-7c1e-7d52-9b0a-3f6c2a5e8d41',
  'date-time': '2026-11-22T14:07:15.501Z',
  uri: 'https://example.com/',
}

/** Words that one or another of our patterns takes. */
const words = ['notes', 'NOTES_TOKEN', '0 8 * * *', 'localhost:9000', 'a'.repeat(64), '192.168.1.0/24', '1']

/** A value that fits a schema: the same one each time, and small: optional members are left out of what is sent. */
export function exampleOf(schema: JsonSchema, { isWhole }: { isWhole: boolean }): unknown {
  if (schema.examples !== undefined) return schema.examples[0]
  if (schema.const !== undefined) return schema.const
  if (schema.enum !== undefined) return schema.enum[0]
  if (schema.default !== undefined && !isWhole) return schema.default
  const choices = schema.anyOf ?? schema.oneOf
  if (choices !== undefined) return exampleOf(choices[0]!, { isWhole })
  if (schema.allOf !== undefined) return Object.assign({}, ...schema.allOf.map((part) => exampleOf(part, { isWhole })))
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type
  switch (type) {
    case 'string':
      return textOf(schema)
    case 'integer':
    case 'number':
      return Math.max(schema.minimum ?? 1, (schema.exclusiveMinimum ?? 0) + 1)
    case 'boolean':
      return true
    case 'array':
      if (schema.prefixItems !== undefined) return schema.prefixItems.map((item) => exampleOf(item, { isWhole }))
      return isWhole || (schema.minItems ?? 0) > 0 ? [exampleOf(schema.items ?? {}, { isWhole })] : []
    case 'object':
      return objectOf(schema, isWhole)
    case 'null':
      return null
    default:
      return 'text'
  }
}

function textOf({ format, pattern, minLength = 0 }: JsonSchema): string {
  const known = format === undefined ? undefined : formats[format]
  if (known !== undefined) return known
  const fits = (word: string): boolean => pattern === undefined || new RegExp(pattern, 'u').test(word)
  return words.find((word) => word.length >= minLength && fits(word)) ?? ''
}

function objectOf({ properties = {}, required = [] }: JsonSchema, isWhole: boolean): Record<string, unknown> {
  const shown = Object.entries(properties).filter(([name]) => isWhole || required.includes(name))
  return Object.fromEntries(shown.map(([name, property]) => [name, exampleOf(property, { isWhole })]))
}
