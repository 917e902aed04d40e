import type { AgentState, Conversation } from '../../shared/agent.ts'
import { AppError } from '../../shared/app-error.ts'
import { uuidV7 } from '../../shared/ids.ts'
import type { AgentRepo } from '../store/store.ts'

/** Characters of JSON that one conversation, or one state, may hold. */
const maxLength = 4 * 1024 * 1024

/** States and conversations of agents; who writes compares versions in the very statement that writes. */
export class AgentMemory {
  readonly #repo: AgentRepo

  constructor(repo: AgentRepo) {
    this.#repo = repo
  }

  /** Version 0 where nothing was ever written. */
  async state(agent: string): Promise<AgentState> {
    return (await this.#repo.state(agent)) ?? { agent, state: {}, version: 0, updated_at: null }
  }

  /** @throws AppError `stale_version` (409) with `current` in its data; `memory_full` (413). */
  async putState({ agent, state, version }: Omit<AgentState, 'updated_at'>): Promise<AgentState> {
    if (JSON.stringify(state).length > maxLength) throw memoryFull('A state')
    const updated_at = new Date().toISOString()
    const written = await this.#repo.putState({ agent, state, version, updated_at })
    if (written === null) throw staleVersion(version, await this.state(agent))
    return written
  }

  async begin(conversation: Pick<Conversation, 'agent' | 'metadata' | 'messages'>): Promise<Conversation> {
    if (JSON.stringify(conversation).length > maxLength) throw memoryFull('A conversation')
    const at = new Date().toISOString()
    const id = uuidV7()
    await this.#repo.insertConversation({ ...conversation, id, version: 1, created_at: at, updated_at: at })
    return this.conversation(id)
  }

  /** @throws AppError `unknown_conversation` (404). */
  async conversation(id: string): Promise<Conversation> {
    const found = await this.#repo.conversation(id)
    if (found === null) throw unknownConversation(id)
    return found
  }

  list: AgentRepo['conversations'] = (page) => this.#repo.conversations(page)

  /** @throws AppError `unknown_conversation` (404), `stale_version` (409) with `current` in its data, `memory_full` (413). */
  async append(id: string, messages: Conversation['messages'], version: number | null): Promise<Conversation> {
    const updated_at = new Date().toISOString()
    const isAppended = await this.#repo.appendMessages(id, { messages, version, updated_at, maxLength })
    const now = await this.conversation(id)
    if (isAppended) return now
    if (version !== null && version !== now.version) {
      const { messages: _, ...current } = now
      throw staleVersion(version, current)
    }
    throw memoryFull('A conversation')
  }

  /** @throws AppError `unknown_conversation` (404). */
  async remove(id: string): Promise<void> {
    if (!(await this.#repo.removeConversation(id))) throw unknownConversation(id)
  }
}

function staleVersion(version: number, current: { version: number }): AppError {
  return new AppError('stale_version', `Version ${version} does not stand any more: it is ${current.version} now.`, {
    hint: 'Take `current`, make your change to it, and send that with its version.',
    status: 409,
    data: { current },
  })
}

function memoryFull(what: string): AppError {
  return new AppError('memory_full', `${what} may hold ${maxLength / 1024 / 1024} MB of JSON.`, {
    hint: 'Begin another one, or keep large things elsewhere and their address here.',
    status: 413,
  })
}

function unknownConversation(id: string): AppError {
  return new AppError('unknown_conversation', `There is no conversation ${id}.`, {
    hint: 'List them with GET /api/v1/conversations.',
    status: 404,
  })
}
