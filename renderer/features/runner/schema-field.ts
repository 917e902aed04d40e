/** A JSON Schema as servers send it: an object of unknown make, or true or false. */
export type JsonSchema = Record<string, unknown> | boolean

/** How one value is asked for. What no form can ask for well is asked for as JSON. */
type FieldShape =
  | { kind: 'text'; isLong: boolean; format: string | null }
  | { kind: 'number'; isWhole: boolean }
  | { kind: 'boolean' }
  | { kind: 'choice'; choices: readonly { value: unknown; label: string }[] }
  | { kind: 'constant'; value: unknown }
  | { kind: 'object'; properties: readonly { name: string; schema: JsonSchema; isRequired: boolean }[] }
  | { kind: 'list'; items: JsonSchema }
  | { kind: 'union'; options: readonly { label: string; schema: JsonSchema }[] }
  | { kind: 'json' }

/** One value that a tool wants. */
export interface Field {
  shape: FieldShape
  title: string | null
  description: string | null
  /** undefined when the schema names none. */
  fallback: unknown
  isNullable: boolean
  /** Its type in plain words: `list of objects`. */
  typeName: string
}

type Schema = Record<string, unknown>

/** Reads one schema, following references into `root`. Never fails: whatever is odd is asked for as JSON. */
export function fieldOf(schema: JsonSchema, root: JsonSchema): Field {
  const whole = resolved(schema, root, 0)
  const { schema: own, isNullable } = withoutNull(whole, root)
  const shape = shapeOf(own, root)
  return {
    shape,
    title: text(own.title) ?? text(whole.title),
    description: text(own.description) ?? text(whole.description),
    fallback: 'default' in whole ? whole.default : own.default,
    isNullable,
    typeName: typeName(shape, root),
  }
}

/** What a form starts with: what the schema fixes or proposes for what is required, and nothing else. */
export function startValue(schema: JsonSchema, root: JsonSchema, depth = 0): unknown {
  const { shape, fallback } = fieldOf(schema, root)
  if (fallback !== undefined) return structuredClone(fallback)
  if (shape.kind === 'constant') return shape.value
  if (shape.kind === 'choice' && shape.choices.length === 1) return shape.choices[0]!.value
  if (shape.kind === 'list') return []
  if (shape.kind !== 'object' || depth > 8) return undefined
  const needed = shape.properties.filter((property) => property.isRequired)
  const entries = needed.map(({ name, schema: of }) => [name, startValue(of, root, depth + 1)] as const)
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined))
}

/** What a new item of a list starts as: never `undefined`, which a list cannot hold. */
export function emptyValue(schema: JsonSchema, root: JsonSchema): unknown {
  const start = startValue(schema, root)
  if (start !== undefined) return start
  const { shape } = fieldOf(schema, root)
  if (shape.kind === 'text') return ''
  if (shape.kind === 'boolean') return false
  return shape.kind === 'union' ? emptyValue(shape.options[0]!.schema, root) : null
}

/** The option of a union that a value fits best, by its kind and its keys; the first when nothing tells. */
export function optionFor(value: unknown, options: readonly { schema: JsonSchema }[], root: JsonSchema): number {
  const scores = options.map(({ schema }) => score(value, fieldOf(schema, root).shape, root))
  const best = scores.indexOf(Math.max(...scores))
  return value === undefined ? 0 : Math.max(0, best)
}

function score(value: unknown, shape: FieldShape, root: JsonSchema): number {
  switch (shape.kind) {
    case 'text':
      return typeof value === 'string' ? 2 : 0
    case 'number':
      return typeof value === 'number' && (!shape.isWhole || Number.isInteger(value)) ? 2 : 0
    case 'boolean':
      return typeof value === 'boolean' ? 2 : 0
    case 'constant':
      return value === shape.value ? 3 : 0
    case 'choice':
      return shape.choices.some((choice) => choice.value === value) ? 3 : 0
    case 'list':
      return Array.isArray(value) ? 2 : 0
    case 'object': {
      if (!isSchema(value)) return 0
      const known = shape.properties.filter(({ name }) => name in value)
      // A constant that says otherwise, as in `{type: "circle"}`, rules the option out.
      const isOther = known.some(({ name, schema }) => {
        const own = fieldOf(schema, root).shape
        return own.kind === 'constant' && own.value !== value[name]
      })
      return isOther ? 0 : 1 + known.length
    }
    case 'union':
    case 'json':
      return 1
    default:
      return shape satisfies never
  }
}

function shapeOf(schema: Schema, root: JsonSchema): FieldShape {
  if ('const' in schema) return { kind: 'constant', value: schema.const }
  if (Array.isArray(schema.enum)) {
    return { kind: 'choice', choices: schema.enum.map((value) => ({ value, label: plain(value) })) }
  }
  const options = schemas(schema.oneOf) ?? schemas(schema.anyOf)
  if (options) return unionOf(options, schema, root)
  const type = schema.type ?? inferredType(schema)
  if (Array.isArray(type)) {
    if (type.length === 1) return shapeOf({ ...schema, type: type[0] }, root)
    return {
      kind: 'union',
      options: type.map((one) => ({ label: typeWords[String(one)] ?? String(one), schema: { ...schema, type: one } })),
    }
  }
  switch (type) {
    case 'string':
      return { kind: 'text', isLong: Number(schema.maxLength ?? 0) > 500, format: text(schema.format) }
    case 'integer':
    case 'number':
      return { kind: 'number', isWhole: type === 'integer' }
    case 'boolean':
      return { kind: 'boolean' }
    case 'null':
      return { kind: 'constant', value: null }
    case 'array':
      return isSchema(schema.items) ? { kind: 'list', items: schema.items } : { kind: 'json' }
    case 'object':
      return objectOf(schema)
    default:
      return { kind: 'json' }
  }
}

function objectOf(schema: Schema): FieldShape {
  if (!isSchema(schema.properties)) return { kind: 'json' }
  const required = Array.isArray(schema.required) ? schema.required : []
  const properties = Object.entries(schema.properties).map(([name, of]) => ({
    name,
    schema: isSchema(of) || typeof of === 'boolean' ? of : true,
    isRequired: required.includes(name),
  }))
  return { kind: 'object', properties }
}

function unionOf(options: readonly JsonSchema[], parent: Schema, root: JsonSchema): FieldShape {
  const {
    oneOf: _oneOf,
    anyOf: _anyOf,
    title: _title,
    description: _description,
    default: _default,
    ...shared
  } = parent
  const read = options.map((option) => resolved(option, root, 0))
  if (read.every((option) => 'const' in option)) {
    const choices = read.map((option) => ({ value: option.const, label: text(option.title) ?? plain(option.const) }))
    return { kind: 'choice', choices }
  }
  const merged = read.map((option) => joined(shared, option))
  if (merged.length === 1) return shapeOf(merged[0]!, root)
  return {
    kind: 'union',
    options: merged.map((option) => ({
      label: text(option.title) ?? constantLabel(option, root) ?? typeName(shapeOf(option, root), root),
      schema: option,
    })),
  }
}

/** `circle` for an option whose `type` or `kind` can only be that. */
function constantLabel(option: Schema, root: JsonSchema): string | null {
  if (!isSchema(option.properties)) return null
  for (const property of Object.values(option.properties)) {
    if (!isSchema(property)) continue
    const shape = shapeOf(resolved(property, root, 0), root)
    if (shape.kind === 'constant') return plain(shape.value)
    if (shape.kind === 'choice' && shape.choices.length === 1) return shape.choices[0]!.label
  }
  return null
}

const mostHops = 20

/** The schema with references followed and `allOf` joined into it. */
function resolved(schema: JsonSchema, root: JsonSchema, hops: number): Schema {
  if (typeof schema === 'boolean') return {}
  if (hops > mostHops) return {}
  let own: Schema = schema
  if (typeof own.$ref === 'string') {
    const { $ref, ...beside } = own
    const target = at(root, own.$ref)
    own = target === null ? beside : joined(resolved(target, root, hops + 1), beside)
  }
  const parts = schemas(own.allOf)
  if (!parts) return own
  const { allOf: _allOf, ...beside } = own
  return parts.reduce<Schema>((sum, part) => joined(sum, resolved(part, root, hops + 1)), beside)
}

/** Both schemas as one; properties and required are united, elsewhere the second wins. */
function joined(a: Schema, b: Schema): Schema {
  const both: Schema = { ...a, ...b }
  if (isSchema(a.properties) && isSchema(b.properties)) both.properties = { ...a.properties, ...b.properties }
  if (Array.isArray(a.required) && Array.isArray(b.required))
    both.required = [...new Set([...a.required, ...b.required])]
  return both
}

/** The target of a local reference: `#`, `#/$defs/name`, `#name`. */
function at(root: JsonSchema, ref: string): JsonSchema | null {
  if (!ref.startsWith('#') || typeof root === 'boolean') return null
  if (ref === '#') return root
  let value: unknown = root
  for (const step of ref.slice(2).split('/')) {
    const name = decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~')
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return null
    value = (value as Schema)[name]
  }
  return isSchema(value) || typeof value === 'boolean' ? value : null
}

/** The schema without its `null`, however it was said: as one of the types, or as one of the choices. */
function withoutNull(schema: Schema, root: JsonSchema): { schema: Schema; isNullable: boolean } {
  if (Array.isArray(schema.type) && schema.type.includes('null')) {
    const type = schema.type.filter((one) => one !== 'null')
    return { schema: { ...schema, type: type.length === 1 ? type[0] : type }, isNullable: true }
  }
  for (const key of ['anyOf', 'oneOf'] as const) {
    const options = schemas(schema[key])
    if (!options) continue
    const rest = options.filter((option) => resolved(option, root, 0).type !== 'null')
    if (rest.length === options.length || rest.length === 0) continue
    const { [key]: _options, ...beside } = schema
    if (rest.length > 1) return { schema: { ...beside, [key]: rest }, isNullable: true }
    return { schema: joined(resolved(rest[0]!, root, 0), beside), isNullable: true }
  }
  return { schema, isNullable: false }
}

const typeWords: Readonly<Record<string, string>> = {
  string: 'string',
  number: 'number',
  integer: 'whole number',
  boolean: 'true or false',
  object: 'object',
  array: 'list',
  null: 'null',
}

function typeName(shape: FieldShape, root: JsonSchema): string {
  switch (shape.kind) {
    case 'text':
      return shape.format === null ? 'string' : `string, ${shape.format}`
    case 'number':
      return shape.isWhole ? 'whole number' : 'number'
    case 'boolean':
      return 'true or false'
    case 'choice':
      return `one of ${shape.choices.length}`
    case 'constant':
      return `always ${plain(shape.value)}`
    case 'object':
      return 'object'
    case 'list': {
      const of = fieldOf(shape.items, root).shape
      if (of.kind === 'object') return 'list of objects'
      if (of.kind === 'text') return 'list of strings'
      return of.kind === 'number' ? 'list of numbers' : 'list'
    }
    case 'union':
      return `one of ${shape.options.length} kinds`
    case 'json':
      return 'JSON'
    default:
      return shape satisfies never
  }
}

function inferredType(schema: Schema): string | undefined {
  if (isSchema(schema.properties)) return 'object'
  return schema.items === undefined ? undefined : 'array'
}

const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null)
const plain = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing'))
const isSchema = (value: unknown): value is Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const schemas = (value: unknown): JsonSchema[] | null =>
  Array.isArray(value) && value.length > 0 ? value.filter((one) => isSchema(one) || typeof one === 'boolean') : null
