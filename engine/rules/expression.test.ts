import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compileExpression, type Scope } from './expression.ts'
import { compileTemplate, renderTemplate } from './template.ts'
import { compileValue, renderValue } from './value-template.ts'

const scope = (event: unknown): Scope => ({
  event,
  steps: { one: { text: 'hi' } },
  rule: { id: 'r', name: 'n' },
  run: { id: 'x' },
  failure: null,
})

function value(source: string, event: unknown): unknown {
  const expression = compileExpression(source)
  if ('code' in expression) throw new Error(expression.message)
  const evaluated = expression.evaluate(scope(event))
  if (!evaluated.ok) throw new Error(`${evaluated.problem.code}: ${evaluated.problem.message}`)
  return evaluated.value
}

test.each([
  ['event.n == 5', { n: 5 }, true],
  ['event.n + 1', { n: 5 }, 6],
  ['event.n / 2', { n: 5 }, 2.5],
  ['9007199254740993', {}, '9007199254740993'],
  ['event.labels.map(l, l + "!")', { labels: ['a', 'b'] }, ['a!', 'b!']],
  ['{"a": event.n, "b": [1, "x"]}', { n: null }, { a: null, b: [1, 'x'] }],
  ['event.?none.orValue("d")', {}, 'd'],
  ['timestamp(event.at)', { at: '2026-11-22T14:07:15Z' }, '2026-11-22T14:07:15.000Z'],
  ['steps.one.text + rule.name', {}, 'hin'],
])('%s', (source, event, expected) => {
  expect(value(source, event)).toEqual(expected)
})

test.each(['event.constructor', 'event.__proto__', 'event["toString"]', 'event.n.constructor'])(
  '%s reaches nothing that is not in the event',
  (source) => {
    expect(() => value(source, { n: 1 })).toThrow('expression_failed')
  },
)

test('what would take for ever is ended and says so: a hostile pattern, loops within loops', () => {
  const slow = [
    ['event.text.matches("^(a+)+$")', { text: `${'a'.repeat(40)}b` }],
    [
      'event.list.all(a, event.list.all(b, event.list.all(c, a + b + c >= 0)))',
      { list: Array.from({ length: 2_000 }, (_, index) => index) },
    ],
  ] as const
  for (const [source, event] of slow) expect(() => value(source, event)).toThrow('expression_too_slow')
  expect(() => value('event.list.map(a, event.list)', { list: Array.from({ length: 1_000 }, () => 1) })).toThrow(
    'more than 100000 values',
  )
})

test.each([
  ['plain', 'plain'],
  ['${event.n}', 5],
  [' ${event.n}', ' 5'],
  ['${event.none}', null],
  ['a ${event.none} b', 'a  b'],
  ['${event.list} ${event.o}', '["x"] {"a":1}'],
  ['$${event.n} ${"}"} ${{"a": event.n}.a}', '${event.n} } 5'],
  ['', ''],
])('the template %j', (text, expected) => {
  const template = compileTemplate(text)
  if ('code' in template) throw new Error(template.message)
  const event = { n: 5, none: null, list: ['x'], o: { a: 1 } }
  expect(renderTemplate(template, scope(event))).toEqual({ ok: true, value: expected })
})

test.each([
  ['${', 1],
  ['text ${event.n', 6],
  ['ab ${event.} cd', 12],
  ['${secret:KEY}', 1],
])('the template %j is refused at its column', (text, column) => {
  expect(compileTemplate(text)).toMatchObject({ code: 'expression_invalid', column })
})

const anyText = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc
    .array(
      fc.constantFrom(
        '${',
        '}',
        '$',
        'event',
        '.n',
        '[0]',
        '"',
        "'",
        '\\',
        '(',
        ')',
        ' + ',
        '1',
        'has(',
        'map(x, x)',
        'matches(',
        '?',
        ':',
        '\n',
      ),
      { maxLength: 30 },
    )
    .map((parts) => parts.join('')),
)

test('no text and no event makes an expression or a template throw: each gives a value or says why not', () => {
  fc.assert(
    fc.property(anyText, fc.jsonValue(), (text, event) => {
      const expression = compileExpression(text)
      if ('code' in expression) expect(typeof expression.message).toBe('string')
      else JSON.stringify(expression.evaluate(scope(event)))
      const template = compileTemplate(text, { secrets: true })
      if (!('code' in template)) JSON.stringify(renderTemplate(template, scope(event)))
    }),
    { numRuns: 2_000 },
  )
})

test('a value without templates is given as it is, and a whole-value template gives the value of the event', () => {
  const noTemplate = fc.jsonValue().filter((json) => !JSON.stringify(json).includes('$'))
  const ignored = { onProblem: () => {}, onExpression: () => {} }
  fc.assert(
    fc.property(noTemplate, (json) => {
      expect(JSON.stringify(renderValue(compileValue(json, ignored), scope({})))).toBe(
        JSON.stringify({ ok: true, value: json }),
      )
      expect(JSON.stringify(renderValue(compileValue('${event}', ignored), scope(json)))).toBe(
        JSON.stringify({ ok: true, value: json }),
      )
    }),
  )
})
