import { readFileSync } from 'node:fs'
import { parseSync } from 'vite'

/** A place in the source where a failure is worded. */
export interface Wording {
  readonly code: string
  readonly file: string
  /** What happened, its variable parts as `{name}`; null where the text is made elsewhere. */
  readonly message: string | null
  readonly hint: string | null
}

interface Node {
  readonly type: string
  readonly [key: string]: unknown
}

/** A function that makes a failure of a code that its caller gives. */
interface Wrapper {
  readonly code: number
  readonly message: number | null
  /** Its own, where its caller gives none. */
  readonly hint: string | null
}

const codeForm = /^[a-z][a-z0-9]*(?:_[a-z0-9]+)+$|^(?:cancelled|usage|unresponsive|stopped|unreachable|interrupted)$/

/** Every failure that the files word: what is thrown as an AppError, and what is made as `{ code, message }`. */
export function readCodes(files: readonly string[]): { wordings: Wording[]; unread: string[] } {
  const trees = files.map((file) => ({ file, tree: treeOf(file) }))
  // Two files may have a function of one name: its own comes first.
  const everywhere = new Map<string, Wrapper>()
  const ofFile = new Map<string, Map<string, Wrapper>>()
  for (const { file, tree } of trees) {
    const own = new Map([...nodesIn(tree)].map(wrapperIn).filter((found) => found !== null))
    ofFile.set(file, own)
    for (const [name, wrapper] of own) everywhere.set(name, wrapper)
  }
  const wordings: Wording[] = []
  const unread: string[] = []
  for (const { file, tree } of trees) {
    const wrappers = new Map([...everywhere, ...ofFile.get(file)!])
    for (const [node, scope] of placesIn(tree, new Map())) {
      for (const one of wordingsIn(node, scope, wrappers)) {
        if (codeForm.test(one.code)) wordings.push({ ...one, file })
        else if (one.isThrown) unread.push(`${file}: "${one.code}"`)
      }
    }
  }
  return { wordings, unread }
}

function treeOf(file: string): Node {
  const { program, errors } = parseSync(file, readFileSync(file, 'utf8'))
  if (errors.length > 0) throw new Error(`${file}: ${errors[0]!.message}`)
  return program as unknown as Node
}

/** Constants that hold a text, by their names, as seen from one place. */
type Scope = ReadonlyMap<string, Node>

function* nodesIn(value: unknown): Generator<Node> {
  for (const [node] of placesIn(value, new Map())) yield node
}

function* placesIn(value: unknown, scope: Scope): Generator<[Node, Scope]> {
  if (Array.isArray(value)) for (const item of value) yield* placesIn(item, scope)
  else if (typeof value === 'object' && value !== null) {
    const inside = 'type' in value && /Function/.test(String(value.type)) ? constantsOf(value as Node, scope) : scope
    if ('type' in value) yield [value as Node, inside]
    for (const inner of Object.values(value)) yield* placesIn(inner, inside)
  }
}

function constantsOf(functionNode: Node, outer: Scope): Scope {
  const scope = new Map(outer)
  const collect = (value: unknown): void => {
    if (Array.isArray(value)) for (const item of value) collect(item)
    else if (typeof value === 'object' && value !== null) {
      const node = value as Node
      if (node.type === 'VariableDeclarator' && nameOf(node.id) !== null) scope.set(nameOf(node.id)!, node.init as Node)
      // A function within has constants of its own.
      for (const inner of Object.values(node))
        if (!/Function/.test(String((inner as Node | null)?.type))) collect(inner)
    }
  }
  collect(functionNode.body)
  return scope
}

type Found = Omit<Wording, 'file'> & { isThrown: boolean }

function wordingsIn(node: Node, scope: Scope, wrappers: ReadonlyMap<string, Wrapper>): Found[] {
  const said = (text: Node | undefined): string | null =>
    shownText(text?.type === 'Identifier' ? scope.get(text.name as string) : text)
  if (node.type === 'NewExpression' && nameOf(node.callee) === 'AppError') {
    const [code, message, options] = node.arguments as Node[]
    return textsOf(code).map((text) => ({
      code: text,
      message: said(message),
      hint: said(property(options, 'hint')),
      isThrown: true,
    }))
  }
  if (node.type === 'ObjectExpression') {
    const [code, message] = [property(node, 'code'), property(node, 'message')]
    if (code === undefined || message === undefined) return []
    const hint = said(property(node, 'hint'))
    return textsOf(code).map((text) => ({ code: text, message: said(message), hint, isThrown: false }))
  }
  const wrapper = node.type === 'CallExpression' ? wrappers.get(nameOf(node.callee) ?? '') : undefined
  if (wrapper === undefined) return []
  const args = node.arguments as Node[]
  const message = wrapper.message === null ? null : said(args[wrapper.message])
  const hint = args.map((arg) => said(property(arg, 'hint'))).find((text) => text !== null) ?? wrapper.hint
  return textsOf(args[wrapper.code]).map((text) => ({ code: text, message, hint, isThrown: false }))
}

/** A function that hands a parameter of its own on as the code. */
function wrapperIn(node: Node): [name: string, wrapper: Wrapper] | null {
  if (node.type !== 'FunctionDeclaration') return null
  const params = (node.params as Node[]).map((param) => nameOf(param))
  const scope = constantsOf(node, new Map())
  for (const inner of nodesIn(node.body)) {
    const [code, message, options] =
      inner.type === 'NewExpression' && nameOf(inner.callee) === 'AppError'
        ? (inner.arguments as Node[])
        : inner.type === 'ObjectExpression' && property(inner, 'message') !== undefined
          ? [property(inner, 'code'), property(inner, 'message'), inner]
          : []
    const at = code === undefined ? -1 : params.indexOf(nameOf(code))
    if (at === -1 || nameOf(code) === null) continue
    const text = message === undefined ? -1 : params.indexOf(nameOf(message))
    const hint = property(options, 'hint')
    const own = shownText(hint?.type === 'Identifier' ? scope.get(hint.name as string) : hint)
    return [nameOf(node.id)!, { code: at, message: text === -1 ? null : text, hint: own }]
  }
  return null
}

function property(node: Node | undefined, name: string): Node | undefined {
  if (node?.type !== 'ObjectExpression') return undefined
  const found = (node.properties as Node[]).find((one) => one.type === 'Property' && nameOf(one.key) === name)
  return found?.value as Node | undefined
}

/** The texts that an expression may be: one, or those of both branches. */
function textsOf(node: Node | undefined): string[] {
  if (node?.type === 'Literal' && typeof node.value === 'string') return [node.value]
  if (node?.type === 'ConditionalExpression') {
    return [...textsOf(node.consequent as Node), ...textsOf(node.alternate as Node)]
  }
  return node?.type === 'TSAsExpression' ? textsOf(node.expression as Node) : []
}

/** A text as it is written, with names where it varies; null for what is no text here. */
function shownText(node: Node | undefined): string | null {
  if (node?.type === 'Literal') return typeof node.value === 'string' ? node.value : null
  if (node?.type === 'ConditionalExpression') {
    const branches = [shownText(node.consequent as Node), shownText(node.alternate as Node)]
    return branches.find((text) => text !== null) ?? null
  }
  if (node?.type !== 'TemplateLiteral') return null
  const texts = (node.quasis as { value: { cooked: string } }[]).map(({ value }) => value.cooked)
  const names = (node.expressions as Node[]).map((one) => `{${nameOf(one) ?? '…'}}`)
  return texts.map((text, index) => text + (names[index] ?? '')).join('')
}

function nameOf(value: unknown): string | null {
  if (typeof value !== 'object' || value === null) return null
  const node = value as Node
  if (node.type === 'Identifier') return node.name as string
  if (node.type === 'MemberExpression') return nameOf(node.property)
  return node.type === 'Literal' && typeof node.value === 'string' ? node.value : null
}
