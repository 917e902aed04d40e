import type { Kysely } from 'kysely'
import type { Decision } from '../../shared/approvals.ts'
import { decodeId, pageOf } from './keyset.ts'
import type { ApprovalDecisionTable, PreciousSchema } from './schema.ts'
import type { ApprovalRepo, KeptDecision, Page } from './store.ts'

/** What people answered to calls that waited for them, one row an answer; none is ever changed but for its revocation. */
export class SqlApprovalRepo implements ApprovalRepo {
  readonly #db: Kysely<PreciousSchema>

  constructor(db: Kysely<PreciousSchema>) {
    this.#db = db
  }

  async insert({ by, at, ...decision }: KeptDecision): Promise<void> {
    const row = { ...decision, decided_by: by, decided_at: at }
    await this.#db.insertInto('approval_decisions').values(row).execute()
  }

  async revoke(id: string, at: string): Promise<void> {
    await this.#db.updateTable('approval_decisions').set({ revoked_at: at }).where('id', '=', id).execute()
  }

  async remembered(): Promise<KeptDecision[]> {
    const rows = await this.#db
      .selectFrom('approval_decisions')
      .selectAll()
      .where('remember', '=', 'always')
      .where('revoked_at', 'is', null)
      .orderBy('id')
      .execute()
    return rows.map((row) => ({ ...toDecision(row), definition: row.definition }))
  }

  async list({ before, limit }: { before?: string; limit: number }): Promise<Page<Decision>> {
    let query = this.#db.selectFrom('approval_decisions').selectAll()
    if (before !== undefined) query = query.where('id', '<', decodeId(before))
    const rows = await query
      .orderBy('id', 'desc')
      .limit(limit + 1)
      .execute()
    return pageOf(rows.map(toDecision), limit, ({ id }) => id)
  }
}

function toDecision({ definition: _, decided_by, decided_at, ...row }: ApprovalDecisionTable): Decision {
  return { ...row, by: decided_by, at: decided_at } as Decision
}
