import type { Evaluated, Expression, ExpressionProblem, Scope } from './expression.ts'
import { compileTemplate, type Rendering, renderTemplate, secretsOf, type Template } from './template.ts'

/** A JSON value whose texts are templates; its keys are as they are. */
export type ValueTemplate =
  | { readonly kind: 'plain'; readonly value: unknown }
  | { readonly kind: 'text'; readonly template: Template }
  | { readonly kind: 'list'; readonly items: readonly ValueTemplate[] }
  | { readonly kind: 'map'; readonly entries: readonly (readonly [string, ValueTemplate])[] }

interface CompileOptions {
  readonly secrets?: boolean
  /** Told what is wrong, and where: a JSON pointer below the value. */
  readonly onProblem: (pointer: string, problem: ExpressionProblem) => void
  readonly onExpression: (pointer: string, expression: Expression) => void
}

export function compileValue(value: unknown, options: CompileOptions, at = ''): ValueTemplate {
  if (typeof value === 'string') {
    const template = compileTemplate(value, options)
    if ('code' in template) {
      options.onProblem(at, template)
      return { kind: 'plain', value }
    }
    for (const part of template.parts) if (part.kind === 'value') options.onExpression(at, part.expression)
    return { kind: 'text', template }
  }
  if (Array.isArray(value)) {
    return { kind: 'list', items: value.map((item, index) => compileValue(item, options, `${at}/${index}`)) }
  }
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).map(
      ([key, item]) => [key, compileValue(item, options, `${at}/${pointerPart(key)}`)] as const,
    )
    return { kind: 'map', entries }
  }
  return { kind: 'plain', value }
}

export function renderValue(template: ValueTemplate, scope: Scope, rendering: Rendering = {}): Evaluated {
  switch (template.kind) {
    case 'plain':
      return { ok: true, value: template.value }
    case 'text':
      return renderTemplate(template.template, scope, rendering)
    case 'list': {
      const items: unknown[] = []
      for (const item of template.items) {
        const rendered = renderValue(item, scope, rendering)
        if (!rendered.ok) return rendered
        items.push(rendered.value)
      }
      return { ok: true, value: items }
    }
    case 'map': {
      const entries: [string, unknown][] = []
      for (const [key, item] of template.entries) {
        const rendered = renderValue(item, scope, rendering)
        if (!rendered.ok) return rendered
        entries.push([key, rendered.value])
      }
      return { ok: true, value: Object.fromEntries(entries) }
    }
    default:
      return template satisfies never
  }
}

/** The secrets that a value names. */
export function secretsOfValue(template: ValueTemplate): string[] {
  switch (template.kind) {
    case 'plain':
      return []
    case 'text':
      return secretsOf(template.template)
    case 'list':
      return template.items.flatMap(secretsOfValue)
    case 'map':
      return template.entries.flatMap(([, item]) => secretsOfValue(item))
    default:
      return template satisfies never
  }
}

/** A key as a part of a JSON pointer. */
export const pointerPart = (key: string): string => key.replaceAll('~', '~0').replaceAll('/', '~1')
