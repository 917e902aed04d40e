/** A guard of the product: what takes it out, and the test that must see that it is gone. */
export interface Guard {
  readonly name: string
  readonly file: string
  /** Exact text, once in the file. */
  readonly text: string
  readonly without: string
  readonly suite: string
  /** Part of the test's full name. */
  readonly test: string
}
