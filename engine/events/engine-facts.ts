import type { Decision, HeldCall } from '../../shared/approvals.ts'
import type { Client, ClientId } from '../../shared/client.ts'
import type { ServerId } from '../../shared/ids.ts'
import type { Server, StateName } from '../../shared/server.ts'
import type { EngineEvent } from '../../shared/snapshot.ts'
import type { TaskSummary } from '../../shared/task.ts'
import { type EventBus, isNotTaken } from './event-bus.ts'
import { endNameOf, taskEnd } from './task-end.ts'
import type { ToldEnds } from './told-ends.ts'

/** A client that was silent for so long is seen anew. */
const awayMs = 10 * 60_000

/** Says on the bus what the engine tells its faces anyway: the ends of tasks, servers that change, clients, approvals. */
export class EngineFacts {
  readonly #bus: EventBus
  readonly #ends: Pick<ToldEnds, 'begin' | 'through'>
  readonly #states = new Map<ServerId, StateName>()
  readonly #lastSeen = new Map<ClientId, number>()

  constructor(bus: EventBus, ends: Pick<ToldEnds, 'begin' | 'through'>) {
    this.#bus = bus
    this.#ends = ends
  }

  /** Told of every change of every task, on the hot path. */
  taskChanged(task: TaskSummary): void {
    const name = endNameOf(task)
    if (name === null || !this.#bus.isHeard(name)) return
    const end = taskEnd(task)
    if (end === null) return
    this.#ends.begin(end)
    this.#bus.hand(end).then(
      () => this.#ends.through(end),
      // The bus has told of what failed.
      (error: unknown) => isNotTaken(error) && this.#ends.through(end),
    )
  }

  /** Told of what faces are told. */
  look(event: EngineEvent): void {
    if (event.type === 'server.changed') this.#serverChanged(event.server)
    else if (event.type === 'server.removed') this.#states.delete(event.id)
    else if (event.type === 'client.changed') this.#clientChanged(event.client)
    else if (event.type === 'client.removed') this.#lastSeen.delete(event.id)
  }

  approvalAsked(held: HeldCall): void {
    this.#bus.publish('approval.asked', held)
  }

  approvalDecided(decision: Decision): void {
    this.#bus.publish('approval.decided', decision)
  }

  #serverChanged({ id, state, reason, detail }: Server): void {
    const before = this.#states.get(id)
    this.#states.set(id, state)
    if (before === state) return
    // What was never on has not stopped: each server begins as stopped when its configuration is read.
    const name = before === undefined && state === 'stopped' ? null : serverNames[state]
    if (name === undefined || name === null) return
    const failure = 'failure' in detail ? detail.failure : null
    this.#bus.publish(name, { server: id, state, reason, failure })
  }

  #clientChanged({ id, name, program, seen }: Client): void {
    if (seen === null) return
    const at = Date.parse(seen.last_at)
    const before = this.#lastSeen.get(id) ?? 0
    this.#lastSeen.set(id, at)
    if (at - before >= awayMs) this.#bus.publish('client.seen', { id, name, program, seen })
  }
}

/** States in between, and those that mend themselves, tell nothing. */
const serverNames: Partial<Record<StateName, 'server.ready' | 'server.failed' | 'server.stopped'>> = {
  ready: 'server.ready',
  failed: 'server.failed',
  crash_looping: 'server.failed',
  unresponsive: 'server.failed',
  stopped: 'server.stopped',
}
