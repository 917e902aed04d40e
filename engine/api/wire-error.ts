import { mapEventIterator, ORPCError } from '@orpc/client'
import { ValidationError } from '@orpc/contract'
import { AppError } from '../../shared/app-error.ts'

/** Told of every thrown value that is no AppError: a defect of ours. */
export type ReportDefect = (error: unknown, procedure: string) => void

interface Call {
  readonly path: readonly string[]
  next(): Promise<unknown>
}

/**
 * The interceptor that turns what a procedure throws into what leaves through any face: put it into the
 * `clientInterceptors` of every handler. Errors inside a stream are turned, too.
 */
export function wireErrors(report: ReportDefect): (call: Call) => Promise<unknown> {
  return async ({ path, next }) => {
    const turn = (error: unknown): ORPCError<string, unknown> => {
      const known = knownError(error)
      if (known === null) report(error, path.join('.'))
      return toWire(known ?? defect())
    }
    try {
      const output = await next()
      if (!isAsyncIterator(output)) return output
      return mapEventIterator(output, { value: async (value) => value, error: async (error) => turn(error) })
    } catch (error) {
      throw turn(error)
    }
  }
}

/** The AppError that an error from the wire, or from a call in this process, stands for. */
export function fromWire(error: ORPCError<string, unknown>): AppError {
  const { hint = null, ...data } = isRecord(error.data) ? error.data : {}
  // The library's own codes are upper case.
  return new AppError(error.code.toLowerCase(), error.message, {
    status: error.status,
    hint: typeof hint === 'string' ? hint : null,
    data,
    cause: error,
  })
}

function toWire(error: AppError): ORPCError<string, unknown> {
  const status = error.status >= 400 && error.status <= 599 ? error.status : 500
  return new ORPCError(error.code, { status, message: error.message, data: { ...error.data, hint: error.hint } })
}

function knownError(error: unknown): AppError | null {
  if (error instanceof AppError) return error
  if (!(error instanceof ORPCError)) return null
  if (error.cause instanceof AppError) return error.cause
  if (error.code === 'BAD_REQUEST' && error.cause instanceof ValidationError) return invalidInput(error.cause)
  // What a router refuses by itself keeps its status; an answer that breaks our own contract is a defect.
  return error.cause instanceof ValidationError || error.status >= 500 ? null : fromWire(error)
}

function invalidInput({ issues }: ValidationError): AppError {
  const facts = issues.map(({ path, message }) => ({
    path: (path ?? []).map((part) => (typeof part === 'object' ? part.key : part)),
    message,
  }))
  const first = facts[0]
  const where = first && first.path.length > 0 ? `${first.path.join('.')}: ` : ''
  return new AppError('invalid_input', `${where}${first?.message ?? 'The input does not fit.'}`, {
    status: 400,
    hint: 'Compare the input with /api/v1/openapi.json.',
    data: { issues: facts },
  })
}

/** What is told of a defect; what it was stands in the report only. */
export function defect(): AppError {
  return new AppError('internal_error', 'Signalbox failed inside itself.', { hint: 'Look at its own log.' })
}

function isAsyncIterator(value: unknown): value is AsyncIterator<unknown, unknown, void> & AsyncIterable<unknown> {
  return isRecord(value) && Symbol.asyncIterator in value && typeof value.next === 'function'
}

function isRecord(value: unknown): value is Record<string, unknown> & object {
  return typeof value === 'object' && value !== null
}
