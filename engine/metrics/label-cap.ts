/** Stands for every label beyond the cap, and for those that no catalog knows. */
export const otherLabel = 'other'

/** Lets so many combinations of labels through; all that come later are one, so that no caller can grow a scrape. */
export class LabelCap {
  readonly #most: number
  readonly #known = new Set<string>()

  constructor(most: number) {
    this.#most = most
  }

  /** The last label as it is, or `other`. `isReal` is asked once, when it is new. */
  of(group: string, label: string, isReal: () => boolean = () => true): string {
    const key = `${group}\n${label}`
    if (this.#known.has(key)) return label
    if (this.#known.size >= this.#most || !isReal()) return otherLabel
    this.#known.add(key)
    return label
  }
}
