import { parseDocument, stringify } from 'yaml'
import { AppError } from '../../shared/app-error.ts'
import { type NewRule, newRuleSchema } from '../../shared/rule.ts'

export type RuleFormat = 'yaml' | 'json'

const mostChars = 200_000

/** A rule as a text that can be kept in a repository and read in again: without what is only of this Signalbox. */
export function writeRuleText(rule: NewRule, format: RuleFormat): string {
  const { name, description, trigger, conditions, steps, on_failure, limits } = newRuleSchema.strip().parse(rule)
  const written = {
    name,
    ...(description !== '' && { description }),
    trigger,
    ...(conditions.length > 0 && { conditions }),
    steps: steps.map(withoutEmpty),
    ...(on_failure.length > 0 && { on_failure: on_failure.map(withoutEmpty) }),
    limits: withoutEmpty(limits),
  }
  return format === 'json' ? `${JSON.stringify(written, null, 2)}\n` : stringify(written, { lineWidth: 120 })
}

/**
 * Reads YAML or JSON. What is read is off, whatever the text says: it may come from anywhere.
 * @throws AppError `invalid_rule` (400), with line and column where the text itself is broken.
 */
export function readRuleText(text: string): NewRule {
  if (text.length > mostChars) throw invalid(`It is longer than ${mostChars} characters.`)
  const document = parseDocument(text, { prettyErrors: true })
  const [broken] = document.errors
  if (broken !== undefined) {
    const [at] = broken.linePos ?? []
    const place = at === undefined ? '' : `line ${at.line}, column ${at.col}: `
    throw invalid(`${place}${broken.message.split(' at line ')[0]}.`)
  }
  // No aliases: a few lines of them would be a text of gigabytes.
  const read = newRuleSchema.safeParse(toValue(() => document.toJS({ maxAliasCount: 0 })))
  if (read.success) return { ...read.data, enabled: false }
  const [first] = read.error.issues
  const path = first?.path.length ? `/${first.path.map(String).join('/')}: ` : ''
  throw invalid(`${path}${first?.message ?? 'It is no rule.'}`)
}

function toValue(read: () => unknown): unknown {
  try {
    return read()
  } catch (error) {
    throw invalid(error instanceof Error ? error.message : String(error))
  }
}

/** What is not said means the same. */
function withoutEmpty(value: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== null && !isEmptyObject(item)))
}

const isEmptyObject = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length === 0

function invalid(message: string): AppError {
  return new AppError('invalid_rule', message, { status: 400, hint: 'Correct the text and read it again.' })
}
