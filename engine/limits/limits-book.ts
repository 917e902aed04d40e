import type { ServerId } from '../../shared/ids.ts'
import type { CallNames, CircuitStatus, Limit } from '../../shared/limits.ts'
import { exactness, limitSchema, matchesCall } from '../../shared/limits.ts'
import type { SettingsRepo } from '../store/store.ts'
import { Bulkhead } from './bulkhead.ts'
import { Circuit } from './circuit.ts'
import { TokenBucket } from './token-bucket.ts'

const key = 'limits'

/** A count that a limit keeps, with what it was made for. */
interface Kept<T> {
  readonly made: string
  readonly value: T
}

/** All that holds for one call. */
export interface Bounds {
  readonly timeoutMs: number | null
  readonly totalMs: number | null
  readonly bulkheads: readonly Bulkhead[]
  readonly buckets: readonly RateBound[]
  readonly retries: Limit['retries']
  readonly circuit: Limit['circuit']
  readonly result: Limit['result']
}

export interface RateBound {
  readonly bucket: TokenBucket
  readonly rate: NonNullable<Limit['rate']>
}

/** The limits as they stand in the store, and the counts under them. Counts outlive a change that does not touch them. */
export class LimitsBook {
  readonly #repo: SettingsRepo
  readonly #bulkheads = new Map<string, Kept<Bulkhead>>()
  readonly #buckets = new Map<string, Kept<TokenBucket>>()
  readonly #circuits = new Map<ServerId, Circuit>()
  #limits: readonly Limit[]
  /** Told after each change. */
  onChange: () => void = () => {}

  private constructor(repo: SettingsRepo, limits: readonly Limit[]) {
    this.#repo = repo
    this.#limits = limits
  }

  /** What stands in the store and is no limit counts as none. */
  static async open(repo: SettingsRepo): Promise<LimitsBook> {
    const read = limitSchema.array().safeParse(await repo.get(key))
    return new LimitsBook(repo, read.success ? read.data : [])
  }

  get limits(): readonly Limit[] {
    return this.#limits
  }

  /** In force, and on the disk itself, once it resolves. */
  async set(limits: readonly Limit[]): Promise<void> {
    await this.#repo.set(key, limits)
    this.#limits = limits
    const known = new Set(limits.map(({ id }) => id))
    for (const counts of [this.#bulkheads, this.#buckets])
      for (const id of counts.keys()) if (!known.has(id)) counts.delete(id)
    this.onChange()
  }

  /** What holds for calls of these names; null where no limit matches. */
  boundsOf(names: CallNames): Bounds | null {
    const matching = this.#limits.filter((limit) => matchesCall(limit, names))
    if (matching.length === 0) return null
    const exactFirst = matching.toSorted((a, b) => exactness(b) - exactness(a))
    const first = <K extends keyof Limit>(field: K) =>
      exactFirst.find((limit) => limit[field] !== null)?.[field] ?? null
    const ms = (seconds: number | null): number | null => (seconds === null ? null : seconds * 1000)
    return {
      timeoutMs: ms(first('timeout_s')),
      totalMs: ms(first('total_s')),
      bulkheads: matching.flatMap(({ id, concurrency }) =>
        concurrency === null ? [] : keep(this.#bulkheads, id, concurrency, () => new Bulkhead(concurrency)),
      ),
      buckets: matching.flatMap(({ id, rate }) => {
        if (rate === null) return []
        const made = { calls: rate.calls, per_s: rate.per_s }
        const [bucket] = keep(this.#buckets, id, made, () => new TokenBucket(rate, performance.now()))
        return [{ bucket, rate }]
      }),
      retries: first('retries'),
      circuit: first('circuit'),
      result: first('result'),
    }
  }

  /** The circuit of a server; one under other bounds begins closed. */
  circuit(server: ServerId, bounds: NonNullable<Limit['circuit']>): Circuit {
    const known = this.#circuits.get(server)
    if (known !== undefined && JSON.stringify(known.bounds) === JSON.stringify(bounds)) return known
    const circuit = new Circuit(server, bounds)
    this.#circuits.set(server, circuit)
    return circuit
  }

  /** Those that keep calls away now. */
  circuits(): CircuitStatus[] {
    return [...this.#circuits.values()].flatMap(({ status }) => status ?? [])
  }

  /** Lets calls reach a server again; false where nothing kept them from it. */
  closeCircuit(server: ServerId): boolean {
    const wasOpen = this.#circuits.get(server)?.status != null
    this.#circuits.delete(server)
    return wasOpen
  }
}

function keep<T>(counts: Map<string, Kept<T>>, id: string, config: object, make: () => T): [T] {
  const made = JSON.stringify(config)
  const known = counts.get(id)
  if (known?.made === made) return [known.value]
  const value = make()
  counts.set(id, { made, value })
  return [value]
}
