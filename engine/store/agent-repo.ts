import { type Kysely, type Selectable, sql } from 'kysely'
import type { AgentState, Conversation, ConversationSummary } from '../../shared/agent.ts'
import { decodeId, pageOf } from './keyset.ts'
import type { AgentConversationTable, AgentStateTable, PreciousSchema } from './schema.ts'
import type { AgentRepo, Page } from './store.ts'

/** Conversations and states of agents. Who writes says which version was read; one statement compares and writes. */
export class SqlAgentRepo implements AgentRepo {
  readonly #db: Kysely<PreciousSchema>

  constructor(db: Kysely<PreciousSchema>) {
    this.#db = db
  }

  async state(agent: string): Promise<AgentState | null> {
    const row = await this.#db.selectFrom('agent_state').selectAll().where('agent_name', '=', agent).executeTakeFirst()
    return row === undefined ? null : toState(row)
  }

  async putState({
    agent,
    state,
    version,
    updated_at,
  }: AgentState & { updated_at: string }): Promise<AgentState | null> {
    // A state that was never written has version 0: only then may a row be made.
    const { rows } = await sql<AgentStateTable>`
      insert into agent_state (agent_name, state, version, updated_at)
      select ${agent}, ${JSON.stringify(state)}, 1, ${updated_at}
      where ${version} = 0 or exists (select 1 from agent_state where agent_name = ${agent})
      on conflict (agent_name) do update
      set state = excluded.state, version = agent_state.version + 1, updated_at = excluded.updated_at
      where agent_state.version = ${version}
      returning *`.execute(this.#db)
    return rows[0] === undefined ? null : toState(rows[0])
  }

  async insertConversation({ agent, messages, metadata, ...row }: Conversation): Promise<void> {
    await this.#db
      .insertInto('agent_conversations')
      .values({
        ...row,
        agent_name: agent,
        messages: JSON.stringify(messages),
        metadata: JSON.stringify(metadata),
      })
      .execute()
  }

  async conversation(id: string): Promise<Conversation | null> {
    const row = await this.#db.selectFrom('agent_conversations').selectAll().where('id', '=', id).executeTakeFirst()
    return row === undefined ? null : toConversation(row)
  }

  async appendMessages(
    id: string,
    { messages, version, updated_at, maxLength }: Parameters<AgentRepo['appendMessages']>[1],
  ): Promise<boolean> {
    const text = JSON.stringify(messages)
    // The texts of two JSON lists, joined: what is there is neither parsed nor written anew by us.
    const { numAffectedRows } = await sql`
      update agent_conversations
      set messages = case messages when '[]' then ${text} else substr(messages, 1, length(messages) - 1) || ',' || ${text.slice(1)} end,
        version = version + 1,
        updated_at = ${updated_at}
      where id = ${id} and version = coalesce(${version}, version) and length(messages) + ${text.length} <= ${maxLength}
    `.execute(this.#db)
    return numAffectedRows === 1n
  }

  async removeConversation(id: string): Promise<boolean> {
    const { numDeletedRows } = await this.#db
      .deleteFrom('agent_conversations')
      .where('id', '=', id)
      .executeTakeFirstOrThrow()
    return numDeletedRows === 1n
  }

  async conversations({
    agent,
    before,
    limit,
  }: {
    agent?: string | undefined
    before?: string | undefined
    limit: number
  }): Promise<Page<ConversationSummary>> {
    let query = this.#db
      .selectFrom('agent_conversations')
      .select(['id', 'agent_name', 'metadata', 'version', 'created_at', 'updated_at'])
      .select(sql<number>`json_array_length(messages)`.as('message_count'))
    if (agent !== undefined) query = query.where('agent_name', '=', agent)
    if (before !== undefined) query = query.where('id', '<', decodeId(before))
    const rows = await query
      .orderBy('id', 'desc')
      .limit(limit + 1)
      .execute()
    return pageOf(
      rows.map(({ agent_name, metadata, ...row }) => ({ ...row, agent: agent_name, metadata: JSON.parse(metadata) })),
      limit,
      ({ id }) => id,
    )
  }
}

function toState({ agent_name, state, version, updated_at }: AgentStateTable): AgentState {
  return { agent: agent_name, state: JSON.parse(state), version, updated_at }
}

function toConversation({ agent_name, messages, metadata, ...row }: Selectable<AgentConversationTable>): Conversation {
  return { ...row, agent: agent_name, messages: JSON.parse(messages), metadata: JSON.parse(metadata) }
}
