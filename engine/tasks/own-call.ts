import type { QuestionWatch } from './forwarded-call.ts'

/** Owns a request of our own at its server: what the server asks meanwhile is the person's to answer, and shows on the task. */
export class OwnCall {
  readonly watch: QuestionWatch

  constructor(watch: QuestionWatch) {
    this.watch = watch
  }
}
