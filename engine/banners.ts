import type { Banner } from '../shared/snapshot.ts'

/** What a banner is about; each has its own, and takes away no other's. */
export type BannerSource = 'store' | 'disk' | 'room' | 'chain' | 'logs' | 'restore'

/** Gathers the banners of all sources into the one that is shown: the worst, and of those the oldest. */
export class Banners {
  readonly #bySource = new Map<BannerSource, Banner>()
  /** Told each time that another one is shown. */
  onChange: (banner: Banner | null) => void = () => {}

  get shown(): Banner | null {
    const worstFirst = [...this.#bySource.values()].sort(
      (a, b) => rank(a) - rank(b) || Date.parse(a.since) - Date.parse(b.since),
    )
    return worstFirst[0] ?? null
  }

  of(source: BannerSource): Banner | null {
    return this.#bySource.get(source) ?? null
  }

  set(source: BannerSource, banner: Banner | null): void {
    const before = this.shown
    if (banner === null) this.#bySource.delete(source)
    else this.#bySource.set(source, banner)
    if (this.shown !== before) this.onChange(this.shown)
  }
}

function rank({ severity }: Banner): number {
  return severity === 'danger' ? 0 : 1
}
