import type { ServerId } from '../../shared/ids.ts'
import type { Server, StateName } from '../../shared/server.ts'
import type { AttentionItem } from '../../shared/snapshot.ts'

/** A server in these was given its secrets already. */
const runs: ReadonlySet<StateName> = new Set(['starting', 'ready', 'degraded', 'unresponsive'])

interface Stale {
  names: Set<string>
  /** Of the start that took the old value. */
  startedAt: string
  since: string
}

/**
 * Servers that run with a value that a secret had before. Nothing is restarted unasked, since that would cut off calls;
 * each is offered, until it has started again.
 */
export class StaleSecrets {
  readonly #stale = new Map<ServerId, Stale>()

  /** A secret has a new value: which of its users run with the old one. */
  note(name: string, users: readonly ServerId[], servers: readonly Server[]): ServerId[] {
    const since = new Date().toISOString()
    const given = servers.filter(({ state, start }) => runs.has(state) && start !== null)
    const running = given.filter(({ id }) => users.includes(id))
    for (const server of running) {
      const names = this.#isStale(server) ? this.#stale.get(server.id)!.names : new Set<string>()
      this.#stale.set(server.id, { names: names.add(name), startedAt: server.start!.started_at, since })
    }
    return running.map(({ id }) => id)
  }

  items(servers: readonly Server[]): AttentionItem[] {
    return servers.filter((server) => this.#isStale(server)).map((server) => this.#itemOf(server))
  }

  #isStale({ id, state, start }: Server): boolean {
    const stale = this.#stale.get(id)
    return stale !== undefined && runs.has(state) && stale.startedAt === start?.started_at
  }

  #itemOf({ id, state }: Server): AttentionItem {
    const { names, since } = this.#stale.get(id)!
    const which = names.size === 1 ? `the earlier value of ${[...names][0]}` : `earlier values of ${names.size} secrets`
    return {
      id: `secret:${id}`,
      severity: 'attention',
      server: id,
      task_id: null,
      state,
      title: 'Secret changed.',
      message: `${id} still runs with ${which}. Restart it to use the new one.`,
      code: 'secret_changed',
      since,
      action: { kind: 'restart', label: 'Restart' },
    }
  }
}
