import type { ArgumentError } from './argument-errors.ts'
import type { ArgumentAnswer, ArgumentQuestion } from './argument-worker.ts'

/** What a check has found: errors, or that it was given up and the engine has the word. */
export type ArgumentCheck = { kind: 'checked'; errors: readonly ArgumentError[] } | { kind: 'given_up' }

/** As much of a worker as is used here. */
export type CheckingThread = Pick<Worker, 'postMessage' | 'terminate' | 'onmessage' | 'onerror'>

/** Time for one check, the start of the thread not counted. */
const longestMs = 1_000

interface Asked {
  question: Omit<ArgumentQuestion, 'number'>
  settle: (check: ArgumentCheck) => void
}

/**
 * Checks arguments in a thread of its own, one question at a time, the newest first: whoever types on makes the answers
 * before worthless. What takes too long is ended with its thread, and that schema is not tried again.
 */
export class ArgumentChecker {
  readonly #start: () => CheckingThread
  readonly #slow = new WeakSet<object>()
  #thread: CheckingThread | null = null
  #isUp = false
  #current: Asked | null = null
  #next: Asked | null = null
  #timer: ReturnType<typeof setTimeout> | undefined
  #number = 0
  #overtaken: ((check: null) => void) | null = null

  constructor(start: () => CheckingThread) {
    this.#start = start
  }

  /** Null where another question came before this one was begun. */
  check(schema: object, value: unknown): Promise<ArgumentCheck | null> {
    if (this.#slow.has(schema)) return Promise.resolve({ kind: 'given_up' })
    const { promise, resolve } = Promise.withResolvers<ArgumentCheck | null>()
    this.#overtaken?.(null)
    this.#overtaken = resolve
    this.#next = { question: { schema, value }, settle: resolve }
    if (this.#current === null) this.#ask()
    return promise
  }

  #ask(): void {
    const asked = this.#next
    this.#next = null
    this.#overtaken = null
    this.#current = asked
    if (asked === null) return
    if (this.#slow.has(asked.question.schema)) {
      this.#settle({ kind: 'given_up' })
      return
    }
    const thread = this.#ready()
    this.#number += 1
    thread.postMessage({ number: this.#number, ...asked.question } satisfies ArgumentQuestion)
    if (this.#isUp) this.#limit()
  }

  #limit(): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#giveUp(), longestMs)
  }

  #ready(): CheckingThread {
    if (this.#thread !== null) return this.#thread
    const thread = this.#start()
    thread.onmessage = ({ data }: MessageEvent<ArgumentAnswer>) => {
      if (data.number === 0) {
        this.#isUp = true
        this.#limit()
      }
      if (data.number !== this.#number) return
      // A schema that cannot be used is the engine's and the server's to judge.
      this.#settle({ kind: 'checked', errors: data.errors ?? [] })
    }
    thread.onerror = () => this.#giveUp()
    this.#thread = thread
    return thread
  }

  #giveUp(): void {
    this.#thread?.terminate()
    this.#thread = null
    this.#isUp = false
    if (this.#current !== null) this.#slow.add(this.#current.question.schema)
    this.#settle({ kind: 'given_up' })
  }

  #settle(check: ArgumentCheck): void {
    clearTimeout(this.#timer)
    const asked = this.#current
    this.#current = null
    asked?.settle(check)
    if (this.#next !== null) this.#ask()
  }
}
