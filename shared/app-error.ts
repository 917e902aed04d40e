/** A failure told to a person: a stable code for programs, a sentence for people, and what to do next. */
export interface Failure {
  /** Stable, lower snake case, for example `command_not_found`. Scripts may match on it; texts may change. */
  code: string
  /** What happened, naming the thing. */
  message: string
  /** What to do next, as an imperative sentence; null when nothing can be done. */
  hint: string | null
}

interface AppErrorOptions {
  hint?: string | null
  /** HTTP status when this error leaves through REST; 500 unless told. */
  status?: number
  cause?: unknown
  /** Extra facts for programs, kept as JSON in `data` of the problem document. */
  data?: Record<string, unknown>
}

/** The one error class that crosses our own boundaries; anything else that is thrown is a defect. */
export class AppError extends Error {
  override readonly name = 'AppError'
  readonly code: string
  readonly hint: string | null
  readonly status: number
  readonly data: Record<string, unknown>

  constructor(code: string, message: string, options: AppErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.hint = options.hint ?? null
    this.status = options.status ?? 500
    this.data = options.data ?? {}
  }

  get failure(): Failure {
    return { code: this.code, message: this.message, hint: this.hint }
  }
}

/** The failure in any thrown value, for rows and states. */
export function failureOf(error: unknown): Failure {
  if (error instanceof AppError) return error.failure
  const message = error instanceof Error ? error.message : String(error)
  return { code: 'internal_error', message, hint: 'Look at the log of Signalbox itself.' }
}
