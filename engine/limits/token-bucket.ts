/**
 * A bucket of tokens that fills up steadily. Whoever comes too early may reserve a token of later, and waits for it.
 * Times are milliseconds of a clock that only rises.
 */
export class TokenBucket {
  readonly #capacity: number
  readonly #perMs: number
  #tokens: number
  #atMs: number

  constructor({ calls, per_s }: { calls: number; per_s: number }, nowMs: number) {
    this.#capacity = calls
    this.#perMs = calls / (per_s * 1000)
    this.#tokens = calls
    this.#atMs = nowMs
  }

  /** Milliseconds until a token would be there; nothing is taken. */
  waitMs(nowMs: number): number {
    this.#fill(nowMs)
    return this.#tokens >= 1 ? 0 : Math.ceil((1 - this.#tokens) / this.#perMs)
  }

  /** Takes a token, of now or of later. */
  take(nowMs: number): void {
    this.#fill(nowMs)
    this.#tokens -= 1
  }

  /** Of somebody who gave up before the token was there. */
  giveBack(): void {
    this.#tokens = Math.min(this.#capacity, this.#tokens + 1)
  }

  #fill(nowMs: number): void {
    const passed = Math.max(0, nowMs - this.#atMs)
    this.#tokens = Math.min(this.#capacity, this.#tokens + passed * this.#perMs)
    this.#atMs = Math.max(this.#atMs, nowMs)
  }
}
