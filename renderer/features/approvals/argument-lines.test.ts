import { expect, test } from 'vitest'
import { argumentLines } from './argument-lines.ts'

test('spreads JSON over lines and keeps every value as it was written', () => {
  const text = '{"id":12345678901234567890, "x":1.0,"list":[1,[],{ }],"t":"a,b:{\\"c\\"}"}'
  expect(argumentLines(text)).toBe(
    '{\n  "id": 12345678901234567890,\n  "x": 1.0,\n  "list": [\n    1,\n    [],\n    {}\n  ],\n  "t": "a,b:{\\"c\\"}"\n}',
  )
  expect(argumentLines('{}')).toBe('{}')
})

test('what cannot be seen, or turns the text around, stands as its code', () => {
  expect(argumentLines('{"a":"x\u202ey\u200b\u0007"}')).toBe('{\n  "a": "x\\u202ey\\u200b\\u0007"\n}')
})
