import { type Schema, Validator } from '@cfworker/json-schema'
import type { Tool } from '../../shared/server.ts'
import { hasKnownTypes } from './check-schema.ts'

export interface Violation {
  /** JSON pointer into the arguments; empty for the whole. */
  path: string
  message: string
}

const validators = new WeakMap<Tool, Validator | null>()

/**
 * Where arguments break the tool's input schema; empty when they do not, or when the schema itself is unusable: then
 * the server has the last word. The validator interprets, so a schema cannot run code or fetch anything.
 */
export function argumentViolations(tool: Tool, parameters: unknown): Violation[] {
  const validator = validatorOf(tool)
  if (validator === null) return []
  try {
    const { valid, errors } = validator.validate(parameters)
    return valid ? [] : violationsIn(errors)
  } catch {
    // A `$ref` that leads nowhere shows only now. The tool stays usable, without our check.
    return []
  }
}

function validatorOf(tool: Tool): Validator | null {
  let validator = validators.get(tool)
  if (validator === undefined) {
    validator = makeValidator(tool.inputSchema)
    validators.set(tool, validator)
  }
  return validator
}

function makeValidator(schema: Record<string, unknown> | undefined): Validator | null {
  if (schema === undefined || !hasKnownTypes(schema)) return null
  const draft = typeof schema.$schema === 'string' && schema.$schema.includes('draft-07') ? '7' : '2020-12'
  try {
    return new Validator(schema as Schema, draft, false)
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
