import { describe, expect, it } from 'vitest'
import { fieldOf, type JsonSchema, optionFor, startValue } from './schema-field.ts'

const field = (schema: JsonSchema, root: JsonSchema = schema) => fieldOf(schema, root)
const said = (schema: JsonSchema, root?: JsonSchema) => {
  const { shape, typeName, isNullable } = field(schema, root)
  return `${shape.kind}: ${typeName}${isNullable ? ' or null' : ''}`
}

describe('fieldOf', () => {
  it.each<[string, JsonSchema]>([
    ['text: string', { type: 'string' }],
    ['text: string, uri', { type: 'string', format: 'uri' }],
    ['number: whole number', { type: 'integer' }],
    ['number: number or null', { type: ['number', 'null'] }],
    ['text: string or null', { anyOf: [{ type: 'string' }, { type: 'null' }], default: null }],
    ['boolean: true or false', { type: 'boolean' }],
    ['choice: one of 2', { enum: ['a', 1] }],
    ['choice: one of 2', { oneOf: [{ const: 'a', title: 'A' }, { const: 'b' }] }],
    ['constant: always 7', { const: 7 }],
    ['list: list of objects', { type: 'array', items: { type: 'object', properties: {} } }],
    ['list: list of strings', { items: { type: 'string' } }],
    ['object: object', { properties: { a: true } }],
    ['union: one of 2 kinds', { type: ['string', 'number'] }],
    ['union: one of 2 kinds', { anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }] }],
    ['json: JSON', { type: 'object', additionalProperties: { type: 'string' } }],
    ['json: JSON', { type: 'array', items: [{ type: 'string' }, { type: 'number' }] }],
    ['json: JSON', {}],
    ['json: JSON', true],
    ['json: JSON', { type: 'hologram' }],
    ['json: JSON', { $ref: 'https://example.org/else' }],
    ['json: JSON', { $ref: '#' }],
  ])('%s: %j', (expected, schema) => {
    expect(said(schema)).toBe(expected)
  })

  it('follows references and joins what stands beside and in allOf', () => {
    const root = {
      $defs: { 'a/b': { type: 'object', properties: { x: { type: 'string' } }, required: ['x'] } },
      allOf: [{ $ref: '#/$defs/a~1b' }, { properties: { y: { type: 'number' } } }],
      description: 'both',
    }
    const { shape, description } = field(root)
    expect(description).toBe('both')
    expect(shape.kind === 'object' && shape.properties.map(({ name, isRequired }) => `${name} ${isRequired}`)).toEqual([
      'x true',
      'y false',
    ])
  })

  it('names the kinds of a union by what tells them apart', () => {
    const option = (kind: string) => ({
      type: 'object',
      properties: { kind: { const: kind }, size: { type: 'number' } },
    })
    const union = { oneOf: [option('circle'), option('square'), { type: 'string' }] }
    const { shape } = field(union)
    if (shape.kind !== 'union') throw new Error('expected a union')
    expect(shape.options.map((one) => one.label)).toEqual(['circle', 'square', 'string'])
    expect(
      [{ kind: 'square', size: 1 }, { kind: 'circle' }, 'x', undefined].map((value) =>
        optionFor(value, shape.options, union),
      ),
    ).toEqual([1, 0, 2, 0])
  })
})

describe('startValue', () => {
  it('fills in what is required and known, and nothing else', () => {
    const schema = {
      type: 'object',
      required: ['path', 'mode', 'edits', 'where', 'only'],
      properties: {
        path: { type: 'string' },
        mode: { enum: ['fast', 'slow'], default: 'slow' },
        edits: { type: 'array', items: { type: 'string' } },
        where: { type: 'object', required: ['kind'], properties: { kind: { const: 'here' }, x: { default: 1 } } },
        only: { enum: ['this'] },
        limit: { type: 'integer', default: 3 },
      },
    }
    expect(startValue(schema, schema)).toEqual({ mode: 'slow', edits: [], where: { kind: 'here' }, only: 'this' })
  })

  it('ends on a schema that requires itself', () => {
    const tree = { type: 'object', required: ['next'], properties: { next: { $ref: '#' } } }
    expect(JSON.stringify(startValue(tree, tree)).length).toBeLessThan(200)
  })
})
