import { type ParseError, parse, printParseErrorCode } from 'jsonc-parser'
import { isMap, isScalar, isSeq, LineCounter, parseDocument, stringify } from 'yaml'
import type { RuleProblem } from '../../../shared/rule.ts'

export type TextFormat = 'json' | 'yaml'

/** A finding at a place of the text. */
export interface TextFinding {
  readonly from: number
  readonly to: number
  readonly severity: 'error' | 'warning'
  readonly message: string
  /** From 1. */
  readonly line: number
}

export type ReadText = { kind: 'value'; value: unknown } | { kind: 'broken'; findings: readonly TextFinding[] }

export function writeText(value: unknown, format: TextFormat): string {
  return format === 'json' ? `${JSON.stringify(value, null, 2)}\n` : stringify(value, { lineWidth: 0 })
}

/** What a text says; JSON is read as YAML, too, which sees names that stand twice. */
export function readText(text: string, format: TextFormat): ReadText {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true })
  const errors: ParseError[] = []
  const value: unknown = format === 'json' ? parse(text, errors, { disallowComments: true }) : null
  const broken = [
    ...errors.map(({ error, offset, length }) => ({
      from: offset,
      to: offset + Math.max(1, length),
      message: words(printParseErrorCode(error)),
    })),
    ...(errors.length > 0 ? [] : document.errors).map(({ message, pos: [from, to] }) => ({
      from,
      to,
      message: sentence(message),
    })),
  ]
  if (broken.length > 0) {
    return { kind: 'broken', findings: broken.map((one) => finding(lines, { ...one, severity: 'error' })) }
  }
  return { kind: 'value', value: format === 'json' ? value : (document.toJS({ maxAliasCount: 100 }) as unknown) }
}

/** Problems of a rule where they stand in its text; what is missing stands at the part that misses it. */
export function placed(text: string, problems: readonly RuleProblem[]): TextFinding[] {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines })
  return problems.map(({ path, severity, message }) => {
    const [from, to] = rangeOf(document.contents, pointerParts(path))
    return finding(lines, { from, to, severity, message })
  })
}

function rangeOf(root: unknown, parts: readonly string[]): [number, number] {
  let node = root
  let range: [number, number] = spanOf(root)
  for (const part of parts) {
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === part)
      if (pair === undefined) {
        // The head of the part: underlining all of it would hide everything else.
        return [range[0], Math.min(range[0] + 1, range[1])]
      }
      node = pair.value
      range = node === null ? spanOf(pair.key) : spanOf(node)
    } else if (isSeq(node)) {
      node = node.items[Number(part)]
      if (node === undefined) return [range[0], Math.min(range[0] + 1, range[1])]
      range = spanOf(node)
    }
  }
  return isMap(node) || isSeq(node) ? [range[0], Math.min(range[0] + 1, range[1])] : range
}

function spanOf(node: unknown): [number, number] {
  const range = (node as { range?: readonly number[] | null } | null)?.range
  return range ? [range[0]!, Math.max(range[0]! + 1, range[1]!)] : [0, 1]
}

function finding(lines: LineCounter, place: Omit<TextFinding, 'line'>): TextFinding {
  return { ...place, line: Math.max(1, lines.linePos(place.from).line) }
}

export function pointerParts(pointer: string): string[] {
  return pointer === ''
    ? []
    : pointer
        .slice(1)
        .split('/')
        .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
}

export function pointerOf(path: readonly PropertyKey[]): string {
  return path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
}

/** `CommaExpected` as `Comma expected.` */
function words(code: string): string {
  const [first = '', ...rest] = code.split(/(?=[A-Z])/)
  return `${[first, ...rest.map((word) => word.toLowerCase())].join(' ')}.`
}

function sentence(message: string): string {
  const first = message.split('\n')[0]!
  return /[.?!]$/.test(first) ? first : `${first}.`
}
