import { type OutputUnit, type Schema, type SchemaDraft, Validator } from '@cfworker/json-schema'

/** What is wrong with one argument. */
export interface ArgumentError {
  /** Property names and indexes from the arguments down to the value; empty for the arguments themselves. */
  path: string[]
  keyword: string
  /** `Must be 0 or more`, without a full stop. */
  message: string
}

/** Keywords that only say that something below them is wrong. */
const wrappers: ReadonlySet<string> = new Set([
  'properties',
  'patternProperties',
  'additionalProperties',
  'unevaluatedProperties',
  'dependentSchemas',
  'items',
  'prefixItems',
  'additionalItems',
  'allOf',
  '$ref',
  '$recursiveRef',
  'if',
])

/**
 * All that is wrong with the arguments by the tool's schema, each at the value it concerns; null when the schema
 * itself cannot be used (a reference that leads nowhere, a pattern that is none). Evaluates nothing as code.
 */
export function argumentErrors(schema: object, value: unknown): ArgumentError[] | null {
  try {
    const { errors } = new Validator(schema as Schema, draftOf(schema), false).validate(value)
    return spoken(schema, errors)
  } catch {
    // The library throws on schemas it cannot follow; whether the call is fine is then the server's to say.
    return null
  }
}

function draftOf(schema: object): SchemaDraft {
  const named = '$schema' in schema && typeof schema.$schema === 'string' ? schema.$schema : ''
  if (named.includes('draft-04')) return '4'
  if (named.includes('draft-06') || named.includes('draft-07')) return '7'
  return named.includes('2019-09') ? '2019-09' : '2020-12'
}

function spoken(schema: object, units: readonly OutputUnit[]): ArgumentError[] {
  const hidden = units.filter(isChoice).flatMap((choice) => hiddenBranches(choice, units))
  const isHidden = (unit: OutputUnit): boolean => hidden.some((branch) => unit.keywordLocation.startsWith(branch))
  const opened = new Set(hidden.filter((branch) => branch.endsWith('!')).map((branch) => branch.slice(0, -1)))
  const leaves = units.filter(
    (unit) => !wrappers.has(unit.keyword) && !isHidden(unit) && !opened.has(unit.keywordLocation),
  )
  const wrong = (location: string): boolean =>
    leaves.some(
      ({ keyword, instanceLocation: at }) => keyword !== 'false' && (at === location || at.startsWith(`${location}/`)),
    )
  // A property that is wrong counts as one not known, too; only the first is worth a word.
  const told = leaves.filter((unit) => unit.keyword !== 'false' || !wrong(unit.instanceLocation))
  const errors = told.map((unit) => errorOf(schema, unit))
  return errors.filter((error, index) => errors.findIndex((other) => isSame(other, error)) === index)
}

const isChoice = ({ keyword }: OutputUnit): boolean => keyword === 'anyOf' || keyword === 'oneOf'
const isSame = (a: ArgumentError, b: ArgumentError): boolean =>
  a.message === b.message && a.path.join('/') === b.path.join('/')

/**
 * Of a choice that nothing matches, either the one branch of the right kind speaks (then the choice itself is
 * silent: its location with a `!`), or the choice alone does. Gives the locations that are silent.
 */
function hiddenBranches(choice: OutputUnit, units: readonly OutputUnit[]): string[] {
  const prefix = `${choice.keywordLocation}/`
  const branches = new Map<string, OutputUnit[]>()
  for (const unit of units) {
    if (!unit.keywordLocation.startsWith(prefix)) continue
    const branch = `${prefix}${unit.keywordLocation.slice(prefix.length).split('/')[0]}/`
    branches.set(branch, [...(branches.get(branch) ?? []), unit])
  }
  const ofRightKind = [...branches].filter(
    ([, inside]) =>
      !inside.some(
        (unit) => unit.instanceLocation === choice.instanceLocation && ['type', 'const', 'enum'].includes(unit.keyword),
      ),
  )
  if (ofRightKind.length !== 1) return [prefix]
  const [speaking] = ofRightKind[0]!
  return [...[...branches.keys()].filter((branch) => branch !== speaking), `${choice.keywordLocation}!`]
}

function errorOf(schema: object, unit: OutputUnit): ArgumentError {
  const path = steps(unit.instanceLocation)
  if (unit.keyword === 'required') {
    const missing = /"(.*)"\.$/.exec(unit.error)?.[1]
    if (missing !== undefined) return { path: [...path, missing], keyword: 'required', message: 'Must be given' }
  }
  return { path, keyword: unit.keyword, message: sentence(unit, limitOf(schema, unit.keywordLocation)) }
}

function sentence({ keyword, error }: OutputUnit, limit: unknown): string {
  switch (keyword) {
    case 'type':
      return `Must be ${[limit].flat().map(kindName).join(' or ')}`
    case 'minimum':
      return `Must be ${limit} or more`
    case 'exclusiveMinimum':
      return `Must be more than ${limit}`
    case 'maximum':
      return `Must be ${limit} or less`
    case 'exclusiveMaximum':
      return `Must be less than ${limit}`
    case 'multipleOf':
      return `Must be a multiple of ${limit}`
    case 'minLength':
      return limit === 1 ? 'Must not be empty' : `Must have ${limit} characters or more`
    case 'maxLength':
      return `Must have ${limit} characters or fewer`
    case 'pattern':
      return `Must match ${limit}`
    case 'format':
      return `Must be a valid ${limit}`
    case 'enum':
      return `Must be one of ${[limit].flat().map(shown).join(', ')}`
    case 'const':
      return `Must be ${shown(limit)}`
    case 'minItems':
      return `Must have ${countedItems(limit)} or more`
    case 'maxItems':
      return `Must have ${countedItems(limit)} or fewer`
    case 'uniqueItems':
      return 'Must not hold the same item twice'
    case 'false':
      return 'Is not an argument of this tool'
    case 'anyOf':
    case 'oneOf':
      return 'Must match one of the choices'
    default:
      return error.replace(/\.$/, '')
  }
}

const kindNames: Record<string, string> = {
  string: 'text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  object: 'an object',
  array: 'a list',
  null: 'null',
}
const kindName = (kind: unknown): string => kindNames[String(kind)] ?? String(kind)
const shown = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))
const countedItems = (count: unknown): string => (count === 1 ? '1 item' : `${count} items`)

/** The keyword's value in the schema, following local references on the way. */
function limitOf(root: object, location: string): unknown {
  let at: unknown = root
  for (const step of steps(location)) {
    at = child(at, step)
    if (step === '$ref' && typeof at === 'string') at = steps(at).reduce<unknown>(child, root)
  }
  return at
}

function child(value: unknown, step: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, step)
    ? (value as Record<string, unknown>)[step]
    : undefined
}

/** The steps of `#/a~1b/0`: `a/b`, `0`. */
function steps(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((step) => decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~'))
}
