import { type ServerStart, type StartStep, type StepTiming, startSteps } from '../../shared/server.ts'

/** The steps of one start with their times. Changes are told through `onChange`. */
export class StartTimeline {
  readonly #onChange: () => void
  readonly #startedAt = now()
  #finishedAt: string | null = null
  #steps: StepTiming[] = startSteps.map(waiting)
  readonly #begun = new Map<StartStep, number>()

  constructor(onChange: () => void = () => {}) {
    this.#onChange = onChange
  }

  /** The step that runs, or the first that waits; the last one once all are over. */
  get current(): StartStep {
    const open =
      this.#steps.find((step) => step.status === 'running') ?? this.#steps.find((s) => s.status === 'waiting')
    return open?.step ?? 'list'
  }

  begin(step: StartStep): void {
    this.#begun.set(step, performance.now())
    this.#set(step, { status: 'running', started_at: now(), took_ms: null, detail: null })
  }

  /** Ends a step that runs; one that is over already stays as it is. */
  done(step: StartStep, detail: string | null = null): void {
    if (this.#get(step).status !== 'running') return
    this.#set(step, { status: 'done', took_ms: this.#took(step), detail })
    if (step === 'list') this.#finish()
  }

  skip(step: StartStep): void {
    this.#set(step, { status: 'skipped' })
  }

  /** The step that runs has failed, and the start with it. */
  fail(detail: string): void {
    const running = this.#steps.find((step) => step.status === 'running')
    if (running !== undefined) this.#set(running.step, { status: 'failed', took_ms: this.#took(running.step), detail })
    this.#finish()
  }

  /** Takes a step and all after it back to waiting: the process has to be started once more. */
  rewind(step: StartStep): void {
    const from = startSteps.indexOf(step)
    this.#steps = this.#steps.map((timing, index) => (index < from ? timing : waiting(timing.step)))
  }

  snapshot(): ServerStart {
    return { started_at: this.#startedAt, finished_at: this.#finishedAt, steps: this.#steps }
  }

  #finish(): void {
    this.#finishedAt = now()
    this.#onChange()
  }

  #get(step: StartStep): StepTiming {
    return this.#steps.find((timing) => timing.step === step)!
  }

  #set(step: StartStep, change: Partial<StepTiming>): void {
    this.#steps = this.#steps.map((timing) => (timing.step === step ? { ...timing, ...change } : timing))
    this.#onChange()
  }

  #took(step: StartStep): number {
    return Math.round((performance.now() - this.#begun.get(step)!) * 10) / 10
  }
}

function waiting(step: StartStep): StepTiming {
  return { step, status: 'waiting', started_at: null, took_ms: null, detail: null }
}

function now(): string {
  return new Date().toISOString()
}
