import { Worker } from 'node:worker_threads'
import type { Failure } from '../../../shared/app-error.ts'
import type { Rule, TriggerOf } from '../../../shared/rule.ts'
import type { EventBus } from '../../events/event-bus.ts'
import type { Trigger } from './trigger.ts'
import type { WatchQueryInput, WatchQueryNews } from './watch-query.ts'

interface Parts {
  readonly bus: EventBus
  /** Absolute path of the store's worker, which can do this, too. */
  readonly worker: string
}

/** A look that takes longer is given up with its thread. */
const longestLookMs = 30_000

/** Says what is new in what a query of a SQLite file gives. */
export class SqliteTrigger implements Trigger {
  readonly #rule: Rule
  readonly #trigger: TriggerOf<'sqlite'>
  readonly #parts: Parts
  readonly #onChange: () => void
  #worker: Worker
  #isOver = false
  readonly #first = Promise.withResolvers<void>()
  #deadline: NodeJS.Timeout
  problem: Failure | null = null
  readonly nextDue = null

  constructor(rule: Rule, trigger: TriggerOf<'sqlite'>, parts: Parts, onChange: () => void) {
    this.#rule = rule
    this.#trigger = trigger
    this.#parts = parts
    this.#onChange = onChange
    this.#deadline = setTimeout(() => this.#giveUp(), longestLookMs + trigger.every_s * 1000)
    this.#deadline.unref()
    this.#worker = this.#start()
  }

  /** Resolves once it was looked for the first time: what comes later is new. */
  get watching(): Promise<void> {
    return this.#first.promise
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isOver = true
    clearTimeout(this.#deadline)
    await this.#worker.terminate()
  }

  #start(): Worker {
    const { file, query, every_s, key, emits } = this.#trigger
    const tells = emits === 'db.record.created' ? 'new_rows' : 'appears'
    const input: WatchQueryInput = { kind: 'watch_query', file, query, everyMs: every_s * 1000, key, tells }
    const worker = new Worker(this.#parts.worker, { workerData: input })
    worker.unref()
    worker.on('message', (news: WatchQueryNews) => this.#hear(news))
    worker.on('error', (error) => this.#setProblem('database_unreadable', String(error)))
    return worker
  }

  #hear(news: WatchQueryNews): void {
    if (this.#isOver) return
    this.#deadline.refresh()
    this.#first.resolve()
    switch (news.kind) {
      case 'looked':
        this.#setProblem(null)
        return
      case 'problem':
        this.#setProblem(news.code, news.message)
        return
      case 'rows': {
        this.#setProblem(null)
        const { file, emits } = this.#trigger
        for (const row of news.rows) {
          this.#parts.bus.publish(emits, { rule: this.#rule.id, source: 'sqlite', name: file, row, rows: news.total })
        }
        return
      }
      default:
        news satisfies never
    }
  }

  /** Its query takes too long: it is started anew when somebody saves the rule. */
  #giveUp(): void {
    void this.#worker.terminate()
    this.#setProblem('query_too_slow', `The query took more than ${longestLookMs / 1000} s and was ended.`)
  }

  #setProblem(code: string | null, message = ''): void {
    if (this.problem?.code === code || (this.problem === null && code === null)) return
    const hint = code === null ? null : (hints[code] ?? 'Check the file and who may read it.')
    this.problem = code === null ? null : { code, message: `${this.#trigger.file}: ${message}`, hint }
    this.#onChange()
  }
}

const hints: Readonly<Record<string, string>> = {
  query_invalid: 'Correct the query; it must be one SELECT.',
  too_many_rows: 'Give the query a WHERE or a LIMIT.',
  query_too_slow: 'Make the query faster, then save the rule.',
}
