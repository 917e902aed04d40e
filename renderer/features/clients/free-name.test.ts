import { expect, test } from 'vitest'
import { freeName } from './free-name.ts'

test('a name that is taken gets the first free number', () => {
  expect(freeName('Cursor', [])).toBe('Cursor')
  expect(freeName('Cursor', ['cursor', 'CURSOR 2', 'Cursor 4'])).toBe('Cursor 3')
})
