import { z } from 'zod'
import type { RuleId } from '../../../shared/rule.ts'
import type { SettingsRepo } from '../../store/store.ts'

const key = 'rule_schedules'
const schema = z.record(z.string(), z.iso.datetime())

/** Up to when each schedule was looked after, so that the next life of the program knows what passed in between. */
export class ScheduleMemory {
  readonly #settings: SettingsRepo
  readonly #seen: Map<string, string>

  private constructor(settings: SettingsRepo, seen: Record<string, string>) {
    this.#settings = settings
    this.#seen = new Map(Object.entries(seen))
  }

  static async open(settings: SettingsRepo): Promise<ScheduleMemory> {
    const read = schema.safeParse((await settings.get(key)) ?? {})
    // Unreadable means unknown: the schedules begin anew, which makes up for nothing.
    return new ScheduleMemory(settings, read.success ? read.data : {})
  }

  get(rule: RuleId): Date | null {
    const seen = this.#seen.get(rule)
    return seen === undefined ? null : new Date(seen)
  }

  async set(rule: RuleId, at: Date): Promise<void> {
    this.#seen.set(rule, at.toISOString())
    await this.#keep()
  }

  async forget(rule: RuleId): Promise<void> {
    if (this.#seen.delete(rule)) await this.#keep()
  }

  async #keep(): Promise<void> {
    await this.#settings.set(key, Object.fromEntries(this.#seen))
  }
}
