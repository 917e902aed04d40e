import { expect, it } from 'vitest'
import { argumentSkeleton, argumentWords } from './argument-skeleton.ts'

const tool = {
  inputSchema: {
    type: 'object',
    required: ['owner', 'number', 'labels'],
    properties: {
      owner: { type: 'string' },
      number: { type: 'integer' },
      labels: { type: 'array' },
      state: { type: 'string', default: 'open' },
    },
  },
}

it('has what a tool cannot do without', () => {
  expect(argumentSkeleton(tool)).toEqual({ owner: '', number: 0, labels: [] })
  expect(argumentSkeleton({})).toEqual({})
})

it('names all arguments', () => {
  expect(argumentWords(tool)).toBe('owner, number, labels, state (optional)')
})
