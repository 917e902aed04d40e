import { AppError } from '../../shared/app-error.ts'
import { uuidV7 } from '../../shared/ids.ts'
import { type NewRule, type Rule, type RuleId, type RuleProblem, ruleSchema } from '../../shared/rule.ts'
import type { Masker } from '../secrets/masker.ts'
import type { RuleRepo } from '../store/store.ts'
import { checkRule, type KnownServers } from './check-rule.ts'
import type { CompiledRule } from './compile-rule.ts'
import { plainSecrets } from './plain-secrets.ts'

interface Parts {
  readonly repo: Pick<RuleRepo, 'all' | 'set' | 'remove'>
  readonly servers: KnownServers
  readonly masker: Masker
}

/** A rule with its expressions read. */
export interface ReadyRule {
  readonly rule: Rule
  readonly compiled: CompiledRule
}

/** The rules of the store: kept valid, each under a name of its own. */
export class RuleBook {
  readonly #parts: Parts
  readonly #rules = new Map<RuleId, ReadyRule>()
  /** Rows that this version cannot read; they stay where they are. */
  readonly unreadable: number
  /** Told of each rule that was added or replaced, and with null that one is gone. */
  onChange: (id: RuleId, rule: ReadyRule | null) => void = () => {}

  private constructor(parts: Parts, stored: readonly unknown[]) {
    this.#parts = parts
    for (const row of stored) {
      const read = ruleSchema.safeParse(row)
      if (read.success) this.#rules.set(read.data.id, { rule: read.data, compiled: this.#check(read.data).compiled })
    }
    this.unreadable = stored.length - this.#rules.size
  }

  static async open(parts: Parts): Promise<RuleBook> {
    return new RuleBook(parts, await parts.repo.all())
  }

  list(): ReadyRule[] {
    return [...this.#rules.values()]
  }

  /** @throws AppError `unknown_rule` (404). */
  get(id: RuleId): ReadyRule {
    const found = this.#rules.get(id)
    if (found === undefined) throw unknownRule(id)
    return found
  }

  has(id: RuleId): boolean {
    return this.#rules.has(id)
  }

  /** A rule with its expressions read and all that is wrong with it, errors first; nothing is kept. */
  read(rule: NewRule): { compiled: CompiledRule; problems: readonly RuleProblem[] } {
    const { compiled, problems } = this.#check(rule)
    return { compiled, problems: [...plainSecrets(rule, this.#parts.masker), ...problems] }
  }

  /** @throws AppError `invalid_rule` (400) with its problems, `rule_exists` (409). */
  async create(rule: NewRule): Promise<Rule> {
    const now = new Date().toISOString()
    return this.#keep({ ...rule, id: uuidV7() as RuleId, created_at: now, changed_at: now })
  }

  /** @throws AppError `unknown_rule` (404), and as `create`. */
  async update(id: RuleId, rule: NewRule): Promise<Rule> {
    const { created_at } = this.get(id).rule
    return this.#keep({ ...rule, id, created_at, changed_at: new Date().toISOString() })
  }

  /** @throws AppError `unknown_rule` (404). */
  async enable(id: RuleId, enabled: boolean): Promise<Rule> {
    const { rule } = this.get(id)
    return rule.enabled === enabled ? rule : this.#keep({ ...rule, enabled, changed_at: new Date().toISOString() })
  }

  /** False where there was none. */
  async remove(id: RuleId): Promise<boolean> {
    if (!this.#rules.has(id)) return false
    await this.#parts.repo.remove(id)
    this.#rules.delete(id)
    this.onChange(id, null)
    return true
  }

  async #keep(rule: Rule): Promise<Rule> {
    const other = this.list().find((one) => one.rule.name === rule.name && one.rule.id !== rule.id)
    if (other !== undefined) {
      throw new AppError('rule_exists', `There is a rule "${rule.name}" already.`, {
        status: 409,
        hint: 'Give it another name, or change the one that is there.',
      })
    }
    const { id: _, created_at: __, changed_at: ___, ...written } = rule
    const { compiled, problems } = this.read(written)
    const errors = problems.filter(({ severity }) => severity === 'error')
    const [first] = errors
    if (first !== undefined) {
      throw new AppError('invalid_rule', `${first.path}: ${first.message}`, {
        status: 400,
        hint: errors.length === 1 ? 'Correct it and save again.' : `Correct this and ${errors.length - 1} more.`,
        data: { problems: errors },
      })
    }
    await this.#parts.repo.set(rule)
    this.#rules.set(rule.id, { rule, compiled })
    this.onChange(rule.id, { rule, compiled })
    return rule
  }

  #check(rule: NewRule) {
    return checkRule(rule, this.#parts.servers)
  }
}

function unknownRule(id: string): AppError {
  return new AppError('unknown_rule', `There is no rule ${id}.`, {
    status: 404,
    hint: 'List them with GET /api/v1/rules, or with `signalbox rules list`.',
  })
}
