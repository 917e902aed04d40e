import { parse as parseToml, TomlError } from 'smol-toml'
import { parseDocument } from 'yaml'
import { maxDepth, parseJsonc, plainValue, positionAt, type TextProblem } from '../config/jsonc.ts'

export type TextSyntax = 'jsonc' | 'toml' | 'yaml'

export type DecodedText = { kind: 'value'; value: unknown } | { kind: 'problem'; problem: TextProblem }

/** Reads a whole text of a known syntax into plain values. Never throws; never runs or resolves anything. */
export function decodeText(withMark: string, syntax: TextSyntax): DecodedText {
  const text = withMark.startsWith('\uFEFF') ? withMark.slice(1) : withMark
  switch (syntax) {
    case 'jsonc': {
      const parsed = parseJsonc(text)
      return parsed.kind === 'problem' ? parsed : { kind: 'value', value: plainValue(parsed.root) }
    }
    case 'toml':
      return shallow(decodeToml(text))
    case 'yaml':
      return shallow(decodeYaml(text))
    default:
      return syntax satisfies never
  }
}

/** `line 3, column 5: a comma is missing before this` */
export function placeAndProblem({ line, column, message }: TextProblem): string {
  return `line ${line}, column ${column}: ${message}`
}

const tooDeep: DecodedText = {
  kind: 'problem',
  problem: { message: 'the text is nested too deeply', line: 1, column: 1 },
}

/** The same limit that the JSON reader keeps: deeper values break every later step that walks them. */
function shallow(decoded: DecodedText): DecodedText {
  if (decoded.kind === 'problem') return decoded
  let level: unknown[] = [decoded.value]
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > maxDepth) return tooDeep
    level = level.flatMap((value) => (typeof value === 'object' && value !== null ? Object.values(value) : []))
  }
  return decoded
}

function decodeToml(text: string): DecodedText {
  try {
    return { kind: 'value', value: parseToml(text) }
  } catch (error) {
    if (error instanceof RangeError) return tooDeep
    if (!(error instanceof TomlError)) throw error
    // The message ends with a picture of the place, which line and column say already.
    const message = error.message.replace(/^Invalid TOML document: /, '').split('\n')[0]!
    return { kind: 'problem', problem: { message, line: error.line, column: error.column } }
  }
}

function decodeYaml(text: string): DecodedText {
  const document = parseDocument(text, { prettyErrors: false })
  const [error] = document.errors
  if (error) return { kind: 'problem', problem: { message: error.message, ...positionAt(text, error.pos[0]) } }
  try {
    return { kind: 'value', value: document.toJS() }
  } catch (cause) {
    // Aliases that multiply without end are refused only when they are resolved.
    const message = cause instanceof Error ? cause.message : String(cause)
    return { kind: 'problem', problem: { message, line: 1, column: 1 } }
  }
}
