import { getNodeValue, type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser'

/** What is wrong with a text, and where: line and column from 1, the column in UTF-16 units. */
export interface TextProblem {
  message: string
  line: number
  column: number
}

export type ParsedJsonc = { kind: 'tree'; root: Node } | { kind: 'problem'; problem: TextProblem }

/** Reads JSON with comments and trailing commas. The text must not begin with a byte order mark. */
export function parseJsonc(text: string): ParsedJsonc {
  const errors: ParseError[] = []
  let root: Node | undefined
  try {
    root = parseTree(text, errors, { allowTrailingComma: true })
  } catch (error) {
    // The parser is recursive: a text of thousands of open brackets exhausts the stack.
    if (!(error instanceof RangeError)) throw error
    return { kind: 'problem', problem: { message: 'the text is nested too deeply', line: 1, column: 1 } }
  }
  const first = errors[0]
  if (first)
    return { kind: 'problem', problem: { message: sentenceFor(first, text), ...positionAt(text, first.offset) } }
  if (!root) return { kind: 'problem', problem: { message: 'the text is empty', line: 1, column: 1 } }
  const deep = nodeBeyond(root, maxDepth)
  if (deep) {
    return { kind: 'problem', problem: { message: 'the text is nested too deeply', ...positionAt(text, deep.offset) } }
  }
  return { kind: 'tree', root }
}

/** Deeper values break every later step that walks them, the copy between processes first. */
export const maxDepth = 200

function nodeBeyond(root: Node, limit: number): Node | null {
  let level = [root]
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > limit) return level[0]!
    level = level.flatMap((node) => node.children ?? [])
  }
  return null
}

/** The plain value of a node; objects have the ordinary prototype, `__proto__` stays a key like any other. */
export function plainValue(node: Node): unknown {
  return structuredClone(getNodeValue(node))
}

export interface Property {
  key: string
  keyNode: Node
  value: Node
}

/** The members of an object node in the order of the text; empty for any other node. */
export function propertiesOf(node: Node): Property[] {
  if (node.type !== 'object') return []
  return (node.children ?? []).flatMap((property) => {
    const [keyNode, value] = property.children ?? []
    return keyNode && value ? [{ key: String(keyNode.value), keyNode, value }] : []
  })
}

export function positionAt(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset).split(/\r\n|\r|\n/)
  return { line: before.length, column: before.at(-1)!.length + 1 }
}

function sentenceFor({ error, offset, length }: ParseError, text: string): string {
  const found = text.slice(offset, offset + Math.min(length, 20)).split(/[\r\n]/)[0]
  const code = printParseErrorCode(error)
  switch (code) {
    case 'CommaExpected':
      return 'a comma is missing before this'
    case 'ColonExpected':
      return 'a colon is missing after the name'
    case 'CloseBraceExpected':
      return 'a closing } is missing'
    case 'CloseBracketExpected':
      return 'a closing ] is missing'
    case 'PropertyNameExpected':
      return 'a name in double quotes is expected here'
    case 'ValueExpected':
      return text.trim() === '' ? 'the text is empty' : 'a value is expected here'
    case 'InvalidSymbol':
      return `${found} is not JSON; texts and names stand in double quotes`
    case 'InvalidNumberFormat':
    case 'UnexpectedEndOfNumber':
      return `${found} is not a number`
    case 'UnexpectedEndOfString':
      return 'a closing " is missing'
    case 'UnexpectedEndOfComment':
      return 'a comment is not closed with */'
    case 'EndOfFileExpected':
      return 'nothing may follow the closing bracket'
    case 'InvalidUnicode':
    case 'InvalidEscapeCharacter':
      return 'a backslash must be written as two'
    default:
      return 'this character is not allowed here'
  }
}
