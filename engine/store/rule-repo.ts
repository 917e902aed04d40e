import type { Kysely } from 'kysely'
import type { Failure } from '../../shared/app-error.ts'
import type { TaskId } from '../../shared/ids.ts'
import type { Rule, RuleId, RuleRun, WholeRuleRun } from '../../shared/rule.ts'
import { decodeId, pageOf } from './keyset.ts'
import type { PreciousSchema, RuleRunTable } from './schema.ts'
import type { Page, RuleRepo, RuleRunFilter, RuleRunPatch } from './store.ts'

/** Runs of one rule that are kept; the oldest go. */
const keptOfRule = 1_000

/** Rules, one row each, and what came of the events that met them, one row a run. */
export class SqlRuleRepo implements RuleRepo {
  readonly #db: Kysely<PreciousSchema>

  constructor(db: Kysely<PreciousSchema>) {
    this.#db = db
  }

  async all(): Promise<unknown[]> {
    const rows = await this.#db.selectFrom('rules').select('rule').orderBy('id').execute()
    return rows.map(({ rule }) => JSON.parse(rule))
  }

  async set(rule: Rule): Promise<void> {
    const row = { name: rule.name, rule: JSON.stringify(rule) }
    await this.#db
      .insertInto('rules')
      .values({ id: rule.id, ...row })
      .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
      .execute()
  }

  async remove(id: RuleId): Promise<void> {
    await this.#db.deleteFrom('rules').where('id', '=', id).execute()
  }

  async insertRun({ event, ...run }: WholeRuleRun): Promise<boolean> {
    const { numInsertedOrUpdatedRows } = await this.#db
      .insertInto('rule_runs')
      .values({ ...toRow(run), event: JSON.stringify(event) })
      .onConflict((conflict) => conflict.columns(['rule', 'event_id']).doNothing())
      .executeTakeFirstOrThrow()
    if (numInsertedOrUpdatedRows !== 1n) return false
    await this.#prune(run.rule)
    return true
  }

  async updateRun(id: TaskId, { steps, failure, ...patch }: RuleRunPatch): Promise<void> {
    await this.#db
      .updateTable('rule_runs')
      .set({
        ...patch,
        ...(steps !== undefined && { steps: JSON.stringify(steps) }),
        ...(failure !== undefined && { failure: failure && JSON.stringify(failure) }),
      })
      .where('id', '=', id)
      .execute()
  }

  async runs({ rule, status, before, limit }: RuleRunFilter): Promise<Page<RuleRun>> {
    let query = this.#db.selectFrom('rule_runs').select(runColumns)
    if (rule !== undefined) query = query.where('rule', '=', rule)
    if (status !== undefined) query = query.where('status', 'in', status)
    if (before !== undefined) query = query.where('id', '<', decodeId(before))
    const rows = await query
      .orderBy('id', 'desc')
      .limit(limit + 1)
      .execute()
    return pageOf(rows.map(toRun), limit, ({ id }) => id)
  }

  async run(id: TaskId): Promise<WholeRuleRun | null> {
    const row = await this.#db.selectFrom('rule_runs').selectAll().where('id', '=', id).executeTakeFirst()
    return row === undefined ? null : { ...toRun(row), event: JSON.parse(row.event) }
  }

  async lastRuns(): Promise<RuleRun[]> {
    const rows = await this.#db
      .selectFrom('rule_runs')
      .select(runColumns)
      .where('id', 'in', (query) =>
        query
          .selectFrom('rule_runs')
          .select(({ fn }) => fn.max('id').as('id'))
          .groupBy('rule'),
      )
      .execute()
    return rows.map(toRun)
  }

  async interruptRuns(at: string): Promise<RuleRun[]> {
    const open = await this.#db.selectFrom('rule_runs').select(runColumns).where('finished_at', 'is', null).execute()
    const ended: RuleRun[] = []
    for (const run of open.map(toRun)) {
      const end = { status: 'interrupted' as const, finished_at: at, failure: await this.#interruption(run.id) }
      await this.updateRun(run.id, end)
      ended.push({ ...run, ...end })
    }
    return ended
  }

  /** The step that was at work says best what the run was in the middle of. */
  async #interruption(run: string): Promise<Failure> {
    const step = await this.#db
      .selectFrom('agent_tasks')
      .select('error')
      .where('parent_id', '=', run)
      .where('status', '=', 'interrupted')
      .orderBy('id', 'desc')
      .limit(1)
      .executeTakeFirst()
    const { message }: Partial<Failure> = JSON.parse(step?.error ?? '{}')
    return {
      code: 'interrupted',
      message: message ?? 'Signalbox ended while this run was under way.',
      hint: 'Look at its steps for what was done; it is not repeated by itself.',
    }
  }

  async #prune(rule: RuleId): Promise<void> {
    const oldest = this.#db
      .selectFrom('rule_runs')
      .select('id')
      .where('rule', '=', rule)
      .orderBy('id', 'desc')
      .limit(1)
      .offset(keptOfRule)
    await this.#db
      .deleteFrom('rule_runs')
      .where('rule', '=', rule)
      .where('finished_at', 'is not', null)
      .where('id', '<=', oldest)
      .execute()
  }
}

const runColumns = [
  'id',
  'rule',
  'rule_name',
  'event_id',
  'event_name',
  'is_sample',
  'depth',
  'status',
  'failure',
  'created_at',
  'finished_at',
  'steps',
] as const

function toRow({ is_sample, failure, steps, ...run }: RuleRun): Omit<RuleRunTable, 'event'> {
  return {
    ...run,
    is_sample: is_sample ? 1 : 0,
    failure: failure && JSON.stringify(failure),
    steps: JSON.stringify(steps),
  }
}

function toRun({ is_sample, failure, steps, ...row }: Omit<RuleRunTable, 'event'> & { event?: string }): RuleRun {
  const { event: _, ...facts } = row
  return {
    ...facts,
    is_sample: is_sample === 1,
    failure: failure && JSON.parse(failure),
    steps: JSON.parse(steps),
  } as RuleRun
}
