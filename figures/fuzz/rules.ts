import assert from 'node:assert/strict'
import fc from 'fast-check'
import { compileExpression, type Scope } from '../../engine/rules/expression.ts'
import { readRuleText } from '../../engine/rules/rule-text.ts'
import { compileTemplate, renderTemplate } from '../../engine/rules/template.ts'
import { AppError } from '../../shared/app-error.ts'
import type { Property } from './property.ts'

const scopeOf = (event: unknown): Scope => ({
  event,
  steps: { one: { text: 'hi' } },
  rule: { id: 'r', name: 'n' },
  run: { id: 'x' },
  failure: null,
})
const pieces = [
  '${',
  '}',
  '$',
  'event',
  '.a',
  '["a"]',
  '[0]',
  '"',
  "'",
  '\\',
  '(',
  ')',
  ' + ',
  ' == ',
  '1',
  'true',
  'size(',
  '.map(x, x)',
  '.matches(',
  ' ? ',
  ' : ',
  '\n',
]
const source = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.array(fc.constantFrom(...pieces), { maxLength: 25 }).map((parts) => parts.join('')),
)

export const ruleExpressions: Property = {
  name: 'rules: any expression and template over any event gives a value that JSON holds, or says why not',
  share: 3,
  run(runs, watch) {
    fc.assert(
      fc.property(source, fc.jsonValue(), (text, event) => {
        watch.input(() => {
          const expression = compileExpression(text)
          if ('evaluate' in expression) {
            const evaluated = expression.evaluate(scopeOf(event))
            if (evaluated.ok) assert.ok(JSON.stringify(evaluated.value) !== undefined)
          }
          const template = compileTemplate(text, { secrets: true })
          if ('parts' in template) renderTemplate(template, scopeOf(event))
        })
      }),
      runs,
    )
  },
}

const ruleLike = fc
  .record(
    { name: fc.string(), trigger: fc.jsonValue(), steps: fc.jsonValue(), limits: fc.jsonValue() },
    { requiredKeys: [] },
  )
  .map((rule) => JSON.stringify(rule))

export const ruleTexts: Property = {
  name: 'rules: any text is a rule that is off, or is refused as none',
  share: 1,
  run(runs, watch) {
    fc.assert(
      fc.property(fc.oneof(ruleLike, fc.string({ unit: 'binary' }), fc.json()), (text) => {
        watch.input(() => {
          try {
            assert.equal(readRuleText(text).enabled, false)
          } catch (error) {
            assert.ok(error instanceof AppError && error.code === 'invalid_rule', String(error))
          }
        })
      }),
      runs,
    )
  },
}
