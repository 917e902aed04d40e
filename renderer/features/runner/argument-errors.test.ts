import { expect, it } from 'vitest'
import { argumentErrors } from './argument-errors.ts'

const told = (schema: object, value: unknown) =>
  argumentErrors(schema, value)?.map(({ path, message }) => `${path.join('.')}: ${message}`)

const schema = {
  type: 'object',
  required: ['path', 'count'],
  additionalProperties: false,
  properties: {
    path: { type: 'string', minLength: 1 },
    count: { $ref: '#/$defs/count' },
    edits: {
      type: 'array',
      minItems: 2,
      items: { type: 'object', required: ['from'], properties: { from: { type: 'number', exclusiveMinimum: 0 } } },
    },
    limit: { anyOf: [{ type: 'integer', maximum: 3 }, { type: 'null' }] },
    target: {
      oneOf: [
        { type: 'object', required: ['a'] },
        { type: 'object', required: ['b'] },
      ],
    },
    mode: { enum: ['fast', 'slow', 3] },
    'a/b': { type: 'string', pattern: '^x' },
  },
  $defs: { count: { type: 'integer', minimum: 1 } },
}

it('has nothing to say about good arguments', () => {
  expect(argumentErrors(schema, { path: '/a', count: 1, limit: null, target: { b: 1 }, 'a/b': 'xy' })).toEqual([])
})

it('names each value that is wrong, once, at its place', () => {
  const value = {
    path: '',
    count: 0,
    edits: [{ from: 0 }],
    limit: 7,
    target: {},
    mode: 'medium',
    'a/b': 'q',
    extra: true,
  }
  expect(told(schema, value)?.toSorted()).toEqual([
    'a/b: Must match ^x',
    'count: Must be 1 or more',
    'edits.0.from: Must be more than 0',
    'edits: Must have 2 items or more',
    'extra: Is not an argument of this tool',
    'limit: Must be 3 or less',
    'mode: Must be one of fast, slow, 3',
    'path: Must not be empty',
    'target: Must match one of the choices',
  ])
})

it('puts a missing argument where it is missing', () => {
  expect(told(schema, { edits: [{ from: 1 }, {}] })).toEqual([
    'path: Must be given',
    'count: Must be given',
    'edits.1.from: Must be given',
  ])
})

it('says what kind is wanted', () => {
  expect(told({ properties: { n: { type: ['integer', 'null'] } } }, { n: 1.5 })).toEqual([
    'n: Must be a whole number or null',
  ])
})

it('follows a schema that holds itself', () => {
  const tree = { type: 'object', properties: { value: { type: 'number' }, next: { $ref: '#' } } }
  expect(told(tree, { next: { next: { value: 'x' } } })).toEqual(['next.next.value: Must be a number'])
})

it('leaves a schema that cannot be followed to the server', () => {
  expect(argumentErrors({ $ref: '#/nowhere' }, 1)).toBeNull()
})
