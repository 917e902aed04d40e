import { createContext, Script } from 'node:vm'
import {
  type ASTNode,
  TypeError as CheckError,
  Environment,
  EvaluationError,
  Optional,
  ParseError,
} from '@marcbachmann/cel-js'

/** What expressions see. */
export interface Scope {
  readonly event: unknown
  /** What earlier steps came to, by their names. */
  readonly steps: Readonly<Record<string, unknown>>
  readonly rule: { readonly id: string; readonly name: string }
  readonly run: { readonly id: string }
  /** Why the steps that follow a failure run; null in all others. */
  readonly failure: unknown
}

/** Why an expression cannot be read or did not give a value. */
export interface ExpressionProblem {
  readonly code: 'expression_invalid' | 'expression_failed' | 'expression_too_slow'
  readonly message: string
  /** From 1; null where no one place is at fault. */
  readonly column: number | null
}

export type Evaluated =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly problem: ExpressionProblem }

export interface Expression {
  readonly source: string
  /** Of its value, as CEL names it; `dyn` where it depends on the event. */
  readonly type: string
  /** Steps that it asks for by name. */
  readonly stepNames: readonly string[]
  /** Never throws; ends within a tenth of a second or says that it did not. */
  evaluate(scope: Scope): Evaluated
}

/** Longest evaluation: the only bound that holds for every pattern and every nesting of lists. */
const longestMs = 100
/** Most list entries and characters of what an expression may make. */
const mostValues = 100_000

const environment = makeEnvironment()
const cage = createContext(Object.create(null))
// A constant: nothing of an expression is ever read as JavaScript. The frame lets the clock end what runs in it, a pattern included.
const frame = new Script('run()')

/** Reads an expression once. */
export function compileExpression(source: string): Expression | ExpressionProblem {
  try {
    const parsed = environment.parse(source)
    const { valid, error, type = 'dyn' } = parsed.check()
    if (!valid) return problemOf(error, 'expression_invalid')
    const nodes = [...nodesOf(parsed.ast)]
    const isBounded = !nodes.some(mayBeSlow)
    const stepNames = nodes.flatMap(stepNameOf)
    return { source, type, stepNames, evaluate: (scope) => evaluated(() => parsed({ ...scope }), isBounded) }
  } catch (error) {
    return problemOf(error, 'expression_invalid')
  }
}

function evaluated(run: () => unknown, isBounded: boolean): Evaluated {
  try {
    const value = isBounded ? run() : withinTime(run)
    return { ok: true, value: plain(value, { left: mostValues }) }
  } catch (error) {
    return { ok: false, problem: problemOf(error, 'expression_failed') }
  }
}

/** Tried once more before it counts as too slow: the clock goes on while a busy machine runs something else. */
function withinTime(run: () => unknown): unknown {
  Reflect.set(cage, 'run', run)
  try {
    return frame.runInContext(cage, { timeout: longestMs })
  } catch (error) {
    if (!isOverTime(error)) throw error
    return frame.runInContext(cage, { timeout: longestMs })
  }
}

function isOverTime(error: unknown): boolean {
  // Of the frame's own realm, so no `Error` of ours.
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT'
}

function* nodesOf(root: ASTNode): Generator<ASTNode> {
  const pending: unknown[] = [root]
  while (pending.length > 0) {
    const next = pending.pop()
    if (Array.isArray(next)) pending.push(...next)
    if (!isNode(next)) continue
    yield next
    pending.push(next.args)
  }
}

function isNode(value: unknown): value is ASTNode {
  return typeof value === 'object' && value !== null && 'op' in value && 'args' in value
}

/** Patterns and loops over lists cost more than their own length. */
function mayBeSlow(node: ASTNode): boolean {
  return (node.op === 'call' || node.op === 'rcall') && slowCalls.has(node.args[0])
}

const slowCalls: ReadonlySet<string> = new Set(['matches', 'all', 'exists', 'exists_one', 'map', 'filter', 'bind'])

function stepNameOf(node: ASTNode): string[] {
  if (node.op !== '.') return []
  const [target, name] = node.args
  return target.op === 'id' && target.args === 'steps' ? [name] : []
}

function problemOf(error: unknown, code: ExpressionProblem['code']): ExpressionProblem {
  if (error instanceof ParseError || error instanceof EvaluationError || error instanceof CheckError) {
    return { code, message: error.summary, column: error.range === undefined ? null : error.range.start + 1 }
  }
  if (isOverTime(error)) {
    const message = `It took more than ${longestMs} ms and was ended.`
    return { code: 'expression_too_slow', message, column: null }
  }
  if (error instanceof TooLarge) return { code, message: error.message, column: null }
  // Whatever a hostile text or value provokes in there: too deep a nesting, a date out of range.
  return { code, message: error instanceof Error ? error.message : String(error), column: null }
}

class TooLarge extends Error {
  override readonly message = `It gives more than ${mostValues} values.`
}

/** A value as JSON can carry it: whole numbers that JSON would round become texts. */
function plain(value: unknown, budget: { left: number }): unknown {
  budget.left--
  if (budget.left < 0) throw new TooLarge()
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value)
  if (typeof value === 'number') return Number.isFinite(value) ? value : null
  if (value === null || value === undefined) return null
  if (typeof value !== 'object') return typeof value === 'string' || typeof value === 'boolean' ? value : String(value)
  if (Array.isArray(value)) return value.map((item) => plain(item, budget))
  if (value instanceof Date) return value.toISOString()
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64')
  if (value instanceof Optional) return value.hasValue() ? plain(value.value(), budget) : null
  if (value instanceof Map)
    return Object.fromEntries([...value].map(([key, item]) => [String(key), plain(item, budget)]))
  if (Object.getPrototypeOf(value) === Object.prototype || Object.getPrototypeOf(value) === null) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item, budget)]))
  }
  return String(value)
}

function makeEnvironment(): Environment {
  const made = new Environment({
    homogeneousAggregateLiterals: false,
    enableOptionalTypes: true,
    limits: { maxAstNodes: 500, maxDepth: 50 },
  })
  for (const name of ['event', 'steps', 'rule', 'run', 'failure']) made.registerVariable(name, 'dyn')
  // Every number of an event is a double, as JSON has no other: without these `event.payload.rows + 1` would be refused.
  for (const [left, right] of [
    ['int', 'double'],
    ['double', 'int'],
  ]) {
    made.registerOperator(`${left} + ${right}`, (a, b) => Number(a) + Number(b))
    made.registerOperator(`${left} - ${right}`, (a, b) => Number(a) - Number(b))
    made.registerOperator(`${left} * ${right}`, (a, b) => Number(a) * Number(b))
    made.registerOperator(`${left} / ${right}`, (a, b) => Number(a) / Number(b))
    made.registerOperator(`${left} % ${right}`, (a, b) => Number(a) % Number(b))
  }
  return made
}
