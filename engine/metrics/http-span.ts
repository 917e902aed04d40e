import { SpanKind } from '@opentelemetry/api'
import { spanNames } from './span-names.ts'
import { type CallTracing, type RunningSpan, type TaskPlace, traceFields } from './trace-context.ts'

/** A request of ours to a program outside, as far as a trace tells of it: neither its path nor its query. */
interface Sent {
  readonly task: TaskPlace
  readonly method: string
  readonly url: string
  readonly service: string
  /** From 1. */
  readonly attempt: number
}

interface HttpSpan {
  /** What names it to its receiver. */
  readonly headers: Readonly<Record<string, string>>
  /** `failure`: its code, where no answer came. */
  end(status: number | null, failure: string | null): void
}

/** One try, as a part of the task that it is made for. Null: nothing is traced. */
export function httpSpan(
  tracing: Pick<CallTracing, 'of' | 'span'>,
  { task, method, url, service, attempt }: Sent,
): HttpSpan | null {
  const parent = tracing.of(task)
  const target = URL.parse(url)
  if (parent === null || target === null) return null
  const span: RunningSpan | null = tracing.span({
    name: method,
    kind: SpanKind.CLIENT,
    parent,
    attributes: {
      [spanNames.httpMethod]: method,
      [spanNames.serverAddress]: target.hostname,
      [spanNames.serverPort]: Number(target.port) || (target.protocol === 'https:' ? 443 : 80),
      [spanNames.service]: service,
      [spanNames.task]: task.task_id,
      ...(attempt > 1 && { [spanNames.httpResends]: attempt - 1 }),
    },
  })
  if (span === null) return null
  return {
    headers: traceFields(span.context),
    end: (status, failure) => {
      const error = failure ?? (status !== null && status >= 400 ? String(status) : null)
      span.end(error, status === null ? {} : { [spanNames.httpStatus]: status })
    },
  }
}
