import { expect, test } from 'vitest'
import { newRuleSchema } from '../../shared/rule.ts'
import { readRuleText, writeRuleText } from './rule-text.ts'

const rule = newRuleSchema.parse({
  name: 'kept',
  enabled: true,
  trigger: { kind: 'schedule', cron: '0 9 * * 1-5', time_zone: 'Europe/Berlin' },
  conditions: ['event.payload.missed == 0'],
  steps: [
    {
      kind: 'tool',
      name: 'say',
      server: 'demo',
      tool: 'echo',
      arguments: { text: '${event.at}', empty: [], none: null },
    },
    { kind: 'http', name: 'call', url: 'https://api.example.com/x', body: { a: [1, '2', null] } },
  ],
  limits: { tools: [] },
})

test.each(['yaml', 'json'] as const)('a rule written as %s is read as it was, switched off', (format) => {
  expect(readRuleText(writeRuleText(rule, format))).toEqual({ ...rule, enabled: false })
})

test.each([
  ['name: [', 'line 1, column'],
  ['name: x\nsteps: *a', 'Alias resolution is disabled'],
  ['name: x', '/trigger: '],
  ['- 1', 'expected object'],
])('a text that is no rule says where it is not: %j', (text, message) => {
  expect(() => readRuleText(text)).toThrow(message)
})

test('a rule from a text is off, whatever it says', () => {
  const text = writeRuleText(rule, 'json').replace('"name"', '"enabled": true, "name"')
  expect(readRuleText(text).enabled).toBe(false)
})
