import { type Schema, Validator } from '@cfworker/json-schema'
import type { Tool } from '../../shared/server.ts'
import { hasKnownTypes } from './check-schema.ts'
import { withinMs } from './time-box.ts'

export interface Violation {
  /** JSON pointer into the arguments; empty for the whole. */
  path: string
  message: string
}

interface Check {
  readonly validator: Validator
  /** Whether the time that it takes may grow out of all proportion to what it looks at. */
  readonly mayRunAway: boolean
}

const checks = new WeakMap<Tool, Check | null>()

/** A check that keeps the engine longer is given up. */
const longestMs = 50

/**
 * Where arguments break the tool's input schema; empty when they do not, or when the schema itself is unusable: then
 * the server has the last word. The validator interprets, so a schema cannot run code or fetch anything; a pattern or
 * a web of references that would take for ever is cut off.
 */
export function argumentViolations(tool: Tool, parameters: unknown): Violation[] {
  const check = checkOf(tool)
  if (check === null) return []
  const validate = () => check.validator.validate(parameters)
  try {
    const done = check.mayRunAway ? withinMs(longestMs, validate) : { value: validate() }
    if (done !== null) return done.value.valid ? [] : violationsIn(done.value.errors)
    // Once is enough: the next call of this tool does not wait for it again.
    checks.set(tool, null)
    return []
  } catch {
    // A `$ref` that leads nowhere shows only now. The tool stays usable, without our check.
    return []
  }
}

function checkOf(tool: Tool): Check | null {
  let check = checks.get(tool)
  if (check === undefined) {
    check = makeCheck(tool.inputSchema)
    checks.set(tool, check)
  }
  return check
}

/** Regular expressions, references, comparisons of each with each; and size, for the comparisons of enums. */
const runaways = /"(?:pattern|patternProperties|format|uniqueItems|\$(?:dynamic|recursive)?Ref|\$ref)"/
const largeSchema = 16 * 1024

function makeCheck(schema: Record<string, unknown> | undefined): Check | null {
  if (schema === undefined || !hasKnownTypes(schema)) return null
  const draft = typeof schema.$schema === 'string' && schema.$schema.includes('draft-07') ? '7' : '2020-12'
  try {
    const text = JSON.stringify(schema)
    const mayRunAway = text.length > largeSchema || runaways.test(text)
    return { validator: new Validator(schema as Schema, draft, false), mayRunAway }
  } catch {
    // An invalid schema costs the tool its check, not its use.
    return null
  }
}

interface OutputUnit {
  keyword: string
  instanceLocation: string
  error: string
}

/** The innermost complaints: a parent's "a property does not match" says nothing beside what is wrong in it. */
function violationsIn(errors: OutputUnit[]): Violation[] {
  const summaries = new Set(['properties', 'items', 'prefixItems', '$ref', 'allOf', 'additionalProperties'])
  const precise = errors.filter((error) => !summaries.has(error.keyword))
  return (precise.length > 0 ? precise : errors).map(({ instanceLocation, error }) => ({
    path: instanceLocation.replace(/^#/, ''),
    message: error,
  }))
}
