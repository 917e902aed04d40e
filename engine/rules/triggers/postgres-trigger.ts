import pg from 'pg'
import type { Failure } from '../../../shared/app-error.ts'
import { AppError, failureOf } from '../../../shared/app-error.ts'
import type { Rule, TriggerOf } from '../../../shared/rule.ts'
import type { EventBus } from '../../events/event-bus.ts'
import type { Trigger } from './trigger.ts'

interface Parts {
  readonly bus: EventBus
  /** Fills in `${secret:NAME}` and `${VARIABLE}`. @throws AppError where one is missing. */
  fill(text: string): Promise<string>
  readonly random?: () => number
}

const connectMs = 10_000
const firstPauseMs = 500
const longestPauseMs = 60_000

/** Listens to a channel of a PostgreSQL server, and comes back after each break. What is sent in between is lost. */
export class PostgresTrigger implements Trigger {
  readonly #rule: Rule
  readonly #trigger: TriggerOf<'postgres'>
  readonly #parts: Parts
  readonly #onChange: () => void
  #client: pg.Client | null = null
  #timer: NodeJS.Timeout | null = null
  #pauseMs = firstPauseMs
  #isOver = false
  problem: Failure | null
  readonly nextDue = null

  constructor(rule: Rule, trigger: TriggerOf<'postgres'>, parts: Parts, onChange: () => void) {
    this.#rule = rule
    this.#trigger = trigger
    this.#parts = parts
    this.#onChange = onChange
    this.problem = connecting
    void this.#connect()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isOver = true
    if (this.#timer !== null) clearTimeout(this.#timer)
    const client = this.#client
    this.#client = null
    // A connection that is broken already is as good as ended.
    await client?.end().catch(() => {})
  }

  async #connect(): Promise<void> {
    if (this.#isOver) return
    let client: pg.Client | null = null
    try {
      const connectionString = await this.#parts.fill(this.#trigger.connection)
      client = new pg.Client({
        connectionString,
        connectionTimeoutMillis: connectMs,
        keepAlive: true,
        application_name: 'signalbox',
      })
      this.#client = client
      client.on('notification', ({ payload }) => this.#notified(payload ?? ''))
      client.on('error', (error) => this.#broken(client, error))
      client.on('end', () => this.#broken(client, new Error('the server ended the connection')))
      await client.connect()
      await client.query(`LISTEN ${client.escapeIdentifier(this.#trigger.channel)}`)
      this.#pauseMs = firstPauseMs
      this.#setProblem(null)
    } catch (error) {
      this.#broken(client, error)
    }
  }

  /** Told more than once of the same break. */
  #broken(client: pg.Client | null, error: unknown): void {
    if (this.#isOver || client !== this.#client) return
    this.#client = null
    // It is gone anyway.
    void client?.end().catch(() => {})
    const { message } = failureOf(error)
    const problem =
      error instanceof AppError
        ? error.failure
        : {
            code: 'postgres_unreachable',
            message: `The channel ${this.#trigger.channel} is not heard: ${message}.`,
            hint: 'Check that the server is up and lets this user in; it is tried again by itself.',
          }
    this.#setProblem(problem)
    const jitter = 0.5 + (this.#parts.random ?? Math.random)() / 2
    this.#timer = setTimeout(() => void this.#connect(), this.#pauseMs * jitter)
    this.#timer.unref()
    this.#pauseMs = Math.min(longestPauseMs, this.#pauseMs * 2)
  }

  #notified(text: string): void {
    const { emits, channel } = this.#trigger
    this.#parts.bus.publish(emits, {
      rule: this.#rule.id,
      source: 'postgres',
      name: channel,
      row: parsed(text),
      rows: 1,
    })
  }

  #setProblem(problem: Failure | null): void {
    if (this.problem?.message === problem?.message) return
    this.problem = problem
    this.#onChange()
  }
}

const connecting: Failure = { code: 'postgres_connecting', message: 'It is being connected to.', hint: null }

/** What is no JSON is the text that it is. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
