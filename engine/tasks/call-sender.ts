import type { Answer, ForwardOptions, JsonObject, Link, RawAnswer } from '../links/link.ts'
import type { CallTracing } from '../metrics/trace-context.ts'
import type { ForwardedCall } from './forwarded-call.ts'
import type { LiveTask } from './live-task.ts'
import type { LiveTasks } from './live-tasks.ts'
import { OwnCall } from './own-call.ts'

export type Limits = Pick<ForwardOptions, 'timeoutMs' | 'maxTotalMs'>

/** Sends the calls of tasks to their servers, and puts on the time line what happens until they are answered. */
export class CallSender {
  readonly #live: LiveTasks
  readonly #tracing: Pick<CallTracing, 'refused'>

  constructor(live: LiveTasks, tracing: Pick<CallTracing, 'refused'>) {
    this.#live = live
    this.#tracing = tracing
  }

  /** A call of our own. */
  async call(live: LiveTask, link: Link, params: JsonObject, limits: Limits): Promise<Answer> {
    await using throttle = this.#live.throttle(live)
    const answer = await link.request('tools/call', params, {
      ...limits,
      // Told from the calls of clients: what its server asks is the person's to answer.
      owner: new OwnCall(this.#live.questionWatch(live)),
      signal: live.signal,
      onSent: (requestId) => this.#live.append(live, 'sent', { request_id: requestId }),
      onProgress: (progress) => throttle.push(progress),
      onLateAnswer: (afterMs) => this.#live.append(live, 'late_answer', { after_ms: afterMs }),
    })
    this.noteRefusal(live, answer)
    return answer
  }

  /** A client's call, as it is written. Whoever gets the answer tells `noteRefusal` of it. */
  handOn(live: LiveTask, link: Link, call: ForwardedCall, limits: Limits): Promise<RawAnswer> {
    const { onProgress } = call
    const options: ForwardOptions = {
      ...limits,
      onCancellable: (cancel) => live.onCancel(cancel),
      onLateAnswer: (afterMs) => this.#live.append(live, 'late_answer', { after_ms: afterMs }),
    }
    if (live.isCancelled) return Promise.resolve({ kind: 'cancelled' })
    if (onProgress === undefined) return call.send(link, options, () => this.#live.questionWatch(live))
    return this.#handOnTelling(live, link, call, options, onProgress)
  }

  /** A trace tells the code of an error that a server answered with. */
  noteRefusal(live: LiveTask, answer: Answer | RawAnswer): void {
    if (answer.kind === 'error') this.#tracing.refused(live.id, answer.error.code)
  }

  async #handOnTelling(
    live: LiveTask,
    link: Link,
    call: ForwardedCall,
    options: ForwardOptions,
    onProgress: NonNullable<ForwardOptions['onProgress']>,
  ): Promise<RawAnswer> {
    await using throttle = this.#live.throttle(live)
    // Awaited here: the throttle is let go only after the answer.
    const telling: ForwardOptions = {
      ...options,
      onProgress: (text, progress) => {
        throttle.push(progress)
        onProgress(text, progress)
      },
    }
    return await call.send(link, telling, () => this.#live.questionWatch(live))
  }
}
