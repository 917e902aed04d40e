import { compileExpression, type Evaluated, type Expression, type ExpressionProblem, type Scope } from './expression.ts'

/** A piece of a text with templates. */
type Part =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'value'; readonly expression: Expression }
  | { readonly kind: 'secret'; readonly name: string }

/** A text, cut where `${…}` stand in it. */
export interface Template {
  readonly parts: readonly Part[]
}

const secretName = /^secret:([A-Za-z_][A-Za-z0-9_]{0,199})$/

/**
 * Reads a text with `${…}` once; `$${` stands for `${` itself. `${secret:NAME}` is only read where secrets may stand.
 */
export function compileTemplate(text: string, { secrets = false } = {}): Template | ExpressionProblem {
  const parts: Part[] = []
  let plain = ''
  let at = 0
  while (at < text.length) {
    if (text.startsWith('$${', at)) {
      plain += '${'
      at += 3
    } else if (text.startsWith('${', at)) {
      const end = endOf(text, at + 2)
      if (end === null) return invalid('This ${ has no } that ends it.', at)
      const source = text.slice(at + 2, end)
      const name = secretName.exec(source.trim())?.[1]
      if (plain !== '') parts.push({ kind: 'text', text: plain })
      plain = ''
      if (name !== undefined) {
        if (!secrets)
          return invalid('A secret can only stand in the URL, the headers and the body of an HTTP step.', at)
        parts.push({ kind: 'secret', name })
      } else {
        const expression = compileExpression(source)
        if ('code' in expression) {
          return { ...expression, column: expression.column === null ? at + 1 : at + 2 + expression.column }
        }
        parts.push({ kind: 'value', expression })
      }
      at = end + 1
    } else {
      plain += text[at]
      at++
    }
  }
  if (plain !== '' || parts.length === 0) parts.push({ kind: 'text', text: plain })
  return { parts }
}

export interface Rendering {
  /** What becomes of a value that stands within a text. */
  readonly encode?: (value: string) => string
  /** Where a secret is filled in. A value of an event can never become one: only the template itself names secrets. */
  readonly secret?: (name: string) => string
}

/** The text that it makes; a template that is one `${…}` gives the value itself. Secrets show as what they are named unless told. */
export function renderTemplate(
  { parts }: Template,
  scope: Scope,
  { encode = same, secret = named }: Rendering = {},
): Evaluated {
  const [only] = parts
  if (only?.kind === 'value' && parts.length === 1) return only.expression.evaluate(scope)
  let text = ''
  for (const part of parts) {
    if (part.kind === 'text') text += part.text
    else if (part.kind === 'secret') text += secret(part.name)
    else {
      const evaluated = part.expression.evaluate(scope)
      if (!evaluated.ok) return evaluated
      text += encode(asText(evaluated.value))
    }
  }
  return { ok: true, value: text }
}

/** The secrets that a template names. */
export const secretsOf = ({ parts }: Template): string[] =>
  parts.flatMap((part) => (part.kind === 'secret' ? [part.name] : []))

const same = (text: string): string => text
const named = (name: string): string => `\${secret:${name}}`

/** How a value stands within a text. */
export function asText(value: unknown): string {
  if (typeof value === 'string') return value
  return value === null ? '' : JSON.stringify(value)
}

/** Where the `}` of a `${` is: braces within the expression's own texts do not count. */
function endOf(text: string, from: number): number | null {
  let depth = 0
  let quote: string | null = null
  for (let at = from; at < text.length; at++) {
    const char = text[at]!
    if (quote !== null) {
      if (char === '\\') at++
      else if (char === quote) quote = null
    } else if (char === '"' || char === "'") quote = char
    else if (char === '{') depth++
    else if (char === '}') {
      if (depth === 0) return at
      depth--
    }
  }
  return null
}

function invalid(message: string, at: number): ExpressionProblem {
  return { code: 'expression_invalid', message, column: at + 1 }
}
