import type { NewRule, RuleProblem, RuleStep, StepOf } from '../../shared/rule.ts'
import { compileExpression, type Expression, type ExpressionProblem } from './expression.ts'
import { compileTemplate, type Template } from './template.ts'
import { compileValue, pointerPart, type ValueTemplate } from './value-template.ts'

interface Conditional {
  readonly condition: Expression | null
}

export type CompiledStep = Conditional &
  (
    | { readonly kind: 'tool'; readonly step: StepOf<'tool'>; readonly arguments: ValueTemplate }
    | {
        readonly kind: 'http'
        readonly step: StepOf<'http'>
        readonly url: Template
        readonly headers: readonly (readonly [string, Template])[]
        readonly body: ValueTemplate
      }
    | { readonly kind: 'notify'; readonly step: StepOf<'notify'>; readonly title: Template; readonly message: Template }
    | { readonly kind: 'approval'; readonly step: StepOf<'approval'>; readonly message: Template }
  )

export interface CompiledRule {
  readonly conditions: readonly Expression[]
  readonly steps: readonly CompiledStep[]
  readonly onFailure: readonly CompiledStep[]
  /** Whether any expression asks for what a call gave, which is not in the event itself. */
  readonly wantsResult: boolean
}

interface Compiled {
  readonly rule: CompiledRule
  readonly problems: readonly RuleProblem[]
}

/** Reads every expression and template of a rule once. Its problems are all errors; what has one is never evaluated. */
export function compileRule(rule: Pick<NewRule, 'conditions' | 'steps' | 'on_failure'>): Compiled {
  const compiler = new Compiler()
  const conditions = rule.conditions.map((source, index) => compiler.condition(source, `/conditions/${index}`))
  const steps = rule.steps.map((step, index) => compiler.step(step, `/steps/${index}`))
  const onFailure = rule.on_failure.map((step, index) => compiler.step(step, `/on_failure/${index}`))
  const { problems, wantsResult } = compiler
  return { rule: { conditions, steps, onFailure, wantsResult }, problems }
}

const unreadable: Expression = {
  source: '',
  type: 'dyn',
  stepNames: [],
  evaluate: () => ({
    ok: false,
    problem: { code: 'expression_invalid', message: 'This expression cannot be read.', column: null },
  }),
}

class Compiler {
  readonly problems: RuleProblem[] = []
  wantsResult = false
  readonly #named = new Set<string>()

  condition(source: string, path: string): Expression {
    const expression = compileExpression(source)
    if ('code' in expression) {
      this.#report(path, expression)
      return unreadable
    }
    this.#look(path, expression)
    if (expression.type !== 'bool' && expression.type !== 'dyn') {
      const message = `A condition is true or false; this one is of type ${expression.type}.`
      this.problems.push({ path, severity: 'error', message, column: 1 })
    }
    return expression
  }

  step(step: RuleStep, path: string): CompiledStep {
    const condition = step.condition === null ? null : this.condition(step.condition, `${path}/condition`)
    const compiled = { condition, ...this.#work(step, path) }
    if (this.#named.has(step.name)) {
      const message = `There is a step "${step.name}" already.`
      this.problems.push({ path: `${path}/name`, severity: 'error', message, column: null })
    }
    this.#named.add(step.name)
    return compiled
  }

  #work(step: RuleStep, path: string) {
    const { kind } = step
    switch (kind) {
      case 'tool':
        return { kind, step, arguments: this.#value(step.arguments, `${path}/arguments`) }
      case 'http': {
        const headers = Object.entries(step.headers).map(
          ([name, text]) => [name, this.#template(text, `${path}/headers/${pointerPart(name)}`, true)] as const,
        )
        const url = this.#template(step.url, `${path}/url`, true)
        return { kind, step, url, headers, body: this.#value(step.body, `${path}/body`, true) }
      }
      case 'notify': {
        const message = this.#template(step.message, `${path}/message`)
        return { kind, step, title: this.#template(step.title, `${path}/title`), message }
      }
      case 'approval':
        return { kind, step, message: this.#template(step.message, `${path}/message`) }
      default:
        return step satisfies never
    }
  }

  #template(text: string, path: string, secrets = false): Template {
    const template = compileTemplate(text, { secrets })
    if ('code' in template) {
      this.#report(path, template)
      return { parts: [] }
    }
    for (const part of template.parts) if (part.kind === 'value') this.#look(path, part.expression)
    return template
  }

  #value(value: unknown, path: string, secrets = false): ValueTemplate {
    return compileValue(value, {
      secrets,
      onProblem: (pointer, problem) => this.#report(path + pointer, problem),
      onExpression: (pointer, expression) => this.#look(path + pointer, expression),
    })
  }

  /** Only what ran before can be asked for. */
  #look(path: string, { stepNames, source }: Expression): void {
    if (source.includes('result') || source.includes('error')) this.wantsResult = true
    for (const name of stepNames) {
      if (this.#named.has(name)) continue
      const message = `No step "${name}" comes before this one.`
      this.problems.push({ path, severity: 'error', message, column: null })
    }
  }

  #report(path: string, { message, column }: ExpressionProblem): void {
    this.problems.push({ path, severity: 'error', message, column })
  }
}
