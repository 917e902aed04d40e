import type { DomainEvent } from '../../shared/domain-event.ts'
import type { TaskId } from '../../shared/ids.ts'

/** Runs that may lead to one another, one after the other; a rule that fires itself ends here. */
export const mostDepth = 5
const kept = 10_000

/** Which run led to which: how deep an event lies below what a person or the world began. */
export class RunLineage {
  /** By the task of a run, in the order of their beginning. */
  readonly #depths = new Map<TaskId, number>()

  begin(run: TaskId, depth: number): void {
    this.#depths.set(run, depth)
    if (this.#depths.size <= kept) return
    const [oldest] = this.#depths.keys()
    if (oldest !== undefined) this.#depths.delete(oldest)
  }

  /** 0 where no run led to the event. */
  depthOf(event: DomainEvent): number {
    const cause = causeOf(event)
    const depth = cause === null ? undefined : this.#depths.get(cause)
    return depth === undefined ? 0 : depth + 1
  }
}

/** The run that an event tells of, or whose call ended. */
function causeOf({ name, payload }: DomainEvent): TaskId | null {
  switch (name) {
    case 'agent.task.completed':
    case 'agent.task.cancelled':
    case 'agent.error':
      return payload.parent_id
    case 'rule.run.completed':
    case 'rule.run.failed':
      return payload.run_id
    default:
      return null
  }
}
