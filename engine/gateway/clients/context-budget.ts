import { AppError } from '../../../shared/app-error.ts'
import { type Budget, type SwitchedOff, usedWithinDays } from '../../../shared/budget.ts'
import type { Profile, ProfileId } from '../../../shared/client.ts'
import type { Supervisor } from '../../servers/supervisor.ts'
import type { TaskRepo } from '../../store/store.ts'
import { budgetOf, type ServerCosts, switched, unusedTools, usedBy } from './budget.ts'
import type { ClientBook } from './client-book.ts'
import type { TokenCounter } from './token-counter.ts'
import { definitionText, encoding } from './tool-cost.ts'

interface Parts {
  book: ClientBook
  supervisor: Pick<Supervisor, 'list' | 'listing'>
  tasks: Pick<TaskRepo, 'use'>
  counter: TokenCounter
}

/** What the tools' definitions cost their clients, and the way to be rid of those that nobody calls. */
export class ContextBudget {
  readonly #parts: Parts
  /** What was switched off last, by profile, for as long as the program runs. */
  readonly #undoable = new Map<ProfileId, SwitchedOff['switched_off']>()

  constructor(parts: Parts) {
    this.#parts = parts
  }

  async get(): Promise<Budget> {
    const { book, tasks } = this.#parts
    const since = daysAgo(usedWithinDays)
    const [servers, use] = await Promise.all([this.#costs(), tasks.use(since)])
    const undoable = (id: ProfileId): number =>
      (this.#undoable.get(id) ?? []).reduce((total, { tools }) => total + tools.length, 0)
    return budgetOf({ encoding, since, servers, clients: book.list(), profiles: book.profiles(), use, undoable })
  }

  /** @throws AppError `unknown_profile` (404), `nothing_to_judge_by` (409). */
  async switchOffUnused(id: ProfileId): Promise<SwitchedOff> {
    const { book, supervisor, tasks } = this.#parts
    const use = await tasks.use(daysAgo(usedWithinDays))
    const profile = this.#profile(id)
    const clients = book.list()
    if (usedBy(profile, clients, use).length === 0) throw nothingToJudgeBy(profile)
    const servers = supervisor.list().map(({ id: server }) => ({
      server,
      tools: (supervisor.listing(server)?.tools ?? []).map(({ name }) => ({ name, tokens: 0 })),
    }))
    const switched_off = unusedTools(profile, servers, clients, use)
    if (switched_off.length === 0) return { profile, switched_off }
    const saved = await book.saveProfile(switched(profile, switched_off, 'off'))
    this.#undoable.set(id, switched_off)
    return { profile: saved, switched_off }
  }

  /** Only what was switched off then: other changes since stay. @throws AppError `nothing_to_undo` (409). */
  async undo(id: ProfileId): Promise<Profile> {
    const profile = this.#profile(id)
    const before = this.#undoable.get(id)
    if (before === undefined) {
      throw new AppError('nothing_to_undo', `Nothing was switched off for "${profile.name}" since Signalbox started.`, {
        status: 409,
        hint: 'Switch its tools on one by one.',
      })
    }
    const saved = await this.#parts.book.saveProfile(switched(profile, before, 'on'))
    this.#undoable.delete(id)
    return saved
  }

  async #costs(): Promise<ServerCosts[]> {
    const { supervisor, counter } = this.#parts
    const servers = supervisor.list().flatMap(({ id, held_tools }) => {
      const tools = supervisor.listing(id)?.tools ?? []
      const held = new Set(held_tools)
      return [{ server: id, tools: tools.filter(({ name }) => !held.has(name)) }]
    })
    const counts = (await counter.count(servers.flatMap(({ tools }) => tools.map(definitionText)))).values()
    return servers.map(({ server, tools }) => ({
      server,
      tools: tools.map(({ name }) => ({ name, tokens: counts.next().value! })),
    }))
  }

  #profile(id: ProfileId): Profile {
    const profile = this.#parts.book.profile(id)
    if (profile !== null) return profile
    throw new AppError('unknown_profile', `There is no profile "${id}".`, { status: 404, hint: 'List them first.' })
  }
}

function daysAgo(days: number): string {
  return new Date(Date.now() - days * 24 * 3_600_000).toISOString()
}

function nothingToJudgeBy({ name }: Profile): AppError {
  return new AppError('nothing_to_judge_by', `No client of "${name}" called any tool in ${usedWithinDays} days.`, {
    status: 409,
    hint: 'Use it for a while first, or switch tools off one by one.',
  })
}
