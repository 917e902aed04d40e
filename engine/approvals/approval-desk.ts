import { createHash } from 'node:crypto'
import { AppError } from '../../shared/app-error.ts'
import {
  type ApprovalRule,
  type ApprovalScope,
  approvalRuleSchema,
  type Decision,
  type HeldCall,
  type Remember,
  type Verdict,
} from '../../shared/approvals.ts'
import { type ServerId, type TaskId, uuidV7 } from '../../shared/ids.ts'
import type { CallNames } from '../../shared/limits.ts'
import type { Tool } from '../../shared/server.ts'
import { cancelledCall, type GatedCall, refused, type Tried } from '../limits/gated-call.ts'
import type { Masker } from '../secrets/masker.ts'
import type { ApprovalRepo, KeptDecision, SettingsRepo } from '../store/store.ts'
import { hintsOf, ruleFor, titleOf } from './approval-rules.ts'
import { Memories } from './memories.ts'

const rulesKey = 'approval_rules'
/** How often whoever waits for the answer hears that somebody is being asked. */
const pingMs = 5_000

interface Parts {
  readonly settings: SettingsRepo
  readonly decisions: ApprovalRepo
  readonly masker: Masker
  /** Told of each call that begins to wait. */
  onHeld(held: HeldCall): void
  /** Told of each that waits no more, whatever became of it. */
  onSettled(id: TaskId): void
  /** Told of each answer of a person, once it is on record. */
  onDecided(decision: Decision): void
}

interface Asked {
  readonly names: CallNames
  readonly tool: Tool | undefined
  /** By which it waits, and how long. */
  readonly rule: Pick<ApprovalRule, 'name' | 'timeout_s'>
}

export interface Answer {
  readonly id: TaskId
  readonly verdict: Verdict
  readonly remember: Remember
  readonly scope: ApprovalScope
}

/** One call that waits. */
interface Held {
  readonly view: HeldCall
  readonly argumentsText: string
  readonly names: CallNames
  readonly definition: string
  isDecided: boolean
  readonly end: (how: Decision | 'timed_out' | 'cancelled') => void
}

/** The one inbox of calls that wait for a person, the rules that make them wait, and the answers that are remembered. */
export class ApprovalDesk {
  readonly #parts: Parts
  readonly #held = new Map<TaskId, Held>()
  readonly #memories: Memories
  #rules: readonly ApprovalRule[]
  onRulesChange: () => void = () => {}

  private constructor(parts: Parts, rules: readonly ApprovalRule[], remembered: readonly KeptDecision[]) {
    this.#parts = parts
    this.#rules = rules
    this.#memories = new Memories(remembered)
  }

  /** @throws AppError `approval_rules_broken` where they cannot be read: calls must not pass because of that. */
  static async open(parts: Parts): Promise<ApprovalDesk> {
    const stored = await parts.settings.get(rulesKey)
    const read = approvalRuleSchema.array().safeParse(stored ?? [])
    if (!read.success) {
      throw new AppError('approval_rules_broken', 'The rules for approvals in the store cannot be read.', {
        hint: 'Restore a backup of signalbox.db, or install the version of Signalbox that wrote them.',
        cause: read.error,
      })
    }
    return new ApprovalDesk(parts, read.data, await parts.decisions.remembered())
  }

  get rules(): readonly ApprovalRule[] {
    return this.#rules
  }

  ruleFor(names: CallNames, tool: Tool | undefined): ApprovalRule | null {
    return ruleFor(this.#rules, names, tool)
  }

  async saveRule(rule: ApprovalRule): Promise<ApprovalRule> {
    const isKnown = this.#rules.some(({ id }) => id === rule.id)
    await this.#setRules(isKnown ? this.#rules.map((one) => (one.id === rule.id ? rule : one)) : [...this.#rules, rule])
    return rule
  }

  async removeRule(id: string): Promise<boolean> {
    const others = this.#rules.filter((rule) => rule.id !== id)
    if (others.length === this.#rules.length) return false
    await this.#setRules(others)
    return true
  }

  list(): HeldCall[] {
    return [...this.#held.values()].map(({ view }) => view)
  }

  /** @throws AppError `not_waiting` (404). */
  get(id: TaskId): HeldCall & { arguments_text: string } {
    const held = this.#held.get(id)
    if (held === undefined) throw notWaiting(id)
    return { ...held.view, arguments_text: this.#parts.masker.jsonText(held.argumentsText) }
  }

  /** Null once the call may go on; what it comes to otherwise. */
  async hold(call: GatedCall, { names, tool, rule }: Asked): Promise<Tried<never> | null> {
    const definition = digestOf(tool)
    const known = this.#memories.find(names, definition)
    if (known !== null) {
      const { verdict, by, at, id } = known
      call.note('approval', { verdict, by, at, remembered: id })
      return verdict === 'allow' ? null : denied(names, by)
    }
    if (call.isCancelled) return cancelledCall
    call.note('approval', { rule: rule.name })
    await call.setStatus('input_required')
    const how = await this.#ask(call, { names, tool, rule }, definition)
    if (how === 'cancelled') return cancelledCall
    if (how === 'timed_out') {
      const message = `Nobody answered for ${rule.timeout_s} s whether ${names.origin} may call ${names.action} of ${names.agent}, so it was not sent.`
      const hint = 'Answer it under Approvals in Signalbox, then call again.'
      return { outcome: { status: 'cancelled', error: { code: 'approval_timed_out', message, hint } } }
    }
    const { verdict, by, at, remember } = how
    call.note('approval', { verdict, by, at, remembered: remember === 'once' ? null : how.id })
    if (verdict === 'deny') return denied(names, by)
    await call.setStatus('queued')
    return null
  }

  /** On record once it resolves. @throws AppError `not_waiting` (404). */
  async decide({ id, verdict, remember, scope }: Answer, by: string): Promise<Decision> {
    const held = this.#held.get(id)
    if (held === undefined || held.isDecided) throw notWaiting(id)
    held.isDecided = true
    const { server, tool, origin, rule } = held.view
    const at = new Date().toISOString()
    const what = { id: uuidV7(), task_id: id, server, tool, origin, rule }
    const decision: Decision = { ...what, verdict, remember, scope, by, at, revoked_at: null }
    const kept: KeptDecision = { ...decision, definition: held.definition }
    try {
      await this.#parts.decisions.insert(kept)
    } catch (error) {
      held.isDecided = false
      throw error
    }
    this.#memories.add(kept)
    this.#parts.onDecided(this.#parts.masker.json(decision))
    held.end(decision)
    // The same question is not asked again of those who wait with it.
    for (const other of this.#held.values()) {
      if (!other.isDecided && this.#memories.find(other.names, other.definition) === kept) {
        other.isDecided = true
        other.end(decision)
      }
    }
    return decision
  }

  remembered(): Decision[] {
    return this.#memories.list()
  }

  /** False where nothing of that id is remembered. */
  async revoke(id: string): Promise<boolean> {
    if (!this.#memories.has(id)) return false
    await this.#parts.decisions.revoke(id, new Date().toISOString())
    this.#memories.remove(id)
    return true
  }

  async #ask(
    call: GatedCall,
    { names, tool, rule }: Asked,
    definition: string,
  ): Promise<Decision | 'timed_out' | 'cancelled'> {
    const { promise, resolve } = Promise.withResolvers<Decision | 'timed_out' | 'cancelled'>()
    const { masker } = this.#parts
    const now = Date.now()
    const view: HeldCall = masker.json({
      id: call.id,
      server: names.agent as ServerId,
      tool: names.action,
      title: titleOf(tool),
      origin: names.origin,
      rule: rule.name,
      hints: hintsOf(tool),
      since: new Date(now).toISOString(),
      until: new Date(now + rule.timeout_s * 1000).toISOString(),
    })
    const { argumentsText } = call
    const held: Held = { view, argumentsText, names, definition, isDecided: false, end: resolve }
    const ping = (): void => call.ping(`Waiting for approval in Signalbox: ${names.action} of ${names.agent}`)
    const giveUp = (): void => resolve('cancelled')
    const pings = setInterval(ping, pingMs)
    const deadline = setTimeout(() => resolve('timed_out'), rule.timeout_s * 1000)
    call.signal.addEventListener('abort', giveUp, { once: true })
    if (call.isCancelled) giveUp()
    this.#held.set(call.id, held)
    this.#parts.onHeld(view)
    ping()
    try {
      return await promise
    } finally {
      clearInterval(pings)
      clearTimeout(deadline)
      call.signal.removeEventListener('abort', giveUp)
      this.#held.delete(call.id)
      this.#parts.onSettled(call.id)
    }
  }

  async #setRules(rules: readonly ApprovalRule[]): Promise<void> {
    await this.#parts.settings.set(rulesKey, rules)
    this.#rules = rules
    this.onRulesChange()
  }
}

/** Names exactly what a person was shown of a tool: one that says something else later is another one. */
function digestOf(tool: Tool | undefined): string {
  return createHash('sha256')
    .update(tool === undefined ? '' : JSON.stringify(tool))
    .digest('hex')
}

function denied({ action, agent }: CallNames, by: string): Tried<never> {
  return refused(
    'approval_denied',
    `${action} of ${agent} was refused by a person (${by}). Nothing was sent.`,
    'Do not call it again with the same arguments unless you are asked to.',
  )
}

function notWaiting(id: string): AppError {
  return new AppError('not_waiting', `No call ${id} waits for an answer.`, {
    status: 404,
    hint: 'It was answered, cancelled or given up meanwhile; look at its task.',
  })
}
