import fc from 'fast-check'
import type { JsonSchema } from './example-of.ts'

/** Values by the name of a member, where the schema alone would lead to long waits or to files outside the test. */
const kept: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  wait_s: fc.constant(0),
  file: fc.constant('not/absolute'),
  cwd: fc.constant('not/absolute'),
  id: fc.constantFrom('echo', 'nobody'),
  agent: fc.constantFrom('echo', 'nobody'),
  action: fc.constantFrom('echo', 'fail', 'nothing'),
}

/** Values that fit a schema. */
export function fitting(schema: JsonSchema, name = ''): fc.Arbitrary<unknown> {
  const own = kept[name]
  if (own !== undefined && schema.format === undefined) return own
  if (schema.const !== undefined) return fc.constant(schema.const)
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum)
  const choices = schema.anyOf ?? schema.oneOf
  if (choices !== undefined) return fc.oneof(...choices.map((choice) => fitting(choice, name)))
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type
  switch (type) {
    case 'string':
      return textFor(schema)
    case 'integer':
      return fc.integer({ min: schema.minimum ?? 0, max: (schema.minimum ?? 0) + 50 })
    case 'number':
      return fc.double({ min: schema.minimum ?? 0.5, max: (schema.minimum ?? 0) + 50, noNaN: true })
    case 'boolean':
      return fc.boolean()
    case 'array':
      if (schema.prefixItems !== undefined) return fc.tuple(...schema.prefixItems.map((item) => fitting(item)))
      return fc.array(fitting(schema.items ?? {}, name), { minLength: schema.minItems ?? 0, maxLength: 2 })
    case 'object':
      return objectFor(schema)
    case 'null':
      return fc.constant(null)
    default:
      return fc.jsonValue({ maxDepth: 1 })
  }
}

function textFor({ format, pattern, minLength = 0 }: JsonSchema): fc.Arbitrary<string> {
  if (format === 'uuid') return fc.uuid()
  if (format === 'date-time')
    return fc.date({ noInvalidDate: true, min: new Date(0) }).map((date) => date.toISOString())
  if (format !== undefined || pattern !== undefined) return fc.constantFrom('notes', 'NOTES_TOKEN', '1', 'localhost')
  return fc.string({ minLength, maxLength: minLength + 20 })
}

function objectFor({ properties = {}, required = [] }: JsonSchema): fc.Arbitrary<unknown> {
  const members = Object.entries(properties).map(([name, schema]) => [name, fitting(schema, name)] as const)
  return fc.record(Object.fromEntries(members), { requiredKeys: [...required] })
}

/** The least that fits: what is required, and nothing besides. */
export function least(schema: JsonSchema): fc.Arbitrary<unknown> {
  const { properties = {}, required = [] } = schema
  if (Object.keys(properties).length === 0) return fitting(schema)
  return fc.record(Object.fromEntries(required.map((name) => [name, fitting(properties[name] ?? {}, name)])))
}

/** A body that fits, with something taken out of it, put into it or put in the place of a part. */
export function spoilt(schema: JsonSchema): fc.Arbitrary<unknown> {
  const names = Object.keys(schema.properties ?? {})
  return fc.oneof(
    fc.constantFrom<unknown>(null, [], 'text', 7),
    fc
      .tuple(fitting(schema), fc.constantFrom(...names, 'unheard_of'), fc.jsonValue({ maxDepth: 2 }))
      .map(([body, name, value]) => ({ ...(body as object), [name]: value })),
    fc
      .tuple(fitting(schema), fc.constantFrom(...names))
      .map(([body, name]) => Object.fromEntries(Object.entries(body as object).filter(([other]) => other !== name))),
  )
}
