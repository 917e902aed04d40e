import { type HrTime, SpanStatusCode, TraceFlags } from '@opentelemetry/api'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { type Resource, resourceFromAttributes } from '@opentelemetry/resources'
import { BatchSpanProcessor, type ReadableSpan, type SpanExporter } from '@opentelemetry/sdk-trace'
import type { EndedSpan } from './task-spans.ts'
import type { TraceContext } from './trace-context.ts'

interface Options {
  /** The collector's address for traces, whole. */
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly version: string
  /** Told of each batch: how many spans, and what kept them from being taken. */
  onSent(spans: number, failure: Error | null): void
}

const scope = { name: 'signalbox' }
/** More than that is dropped: a collector that is away must not take memory. */
const mostWaiting = 4_096

/** Sends spans to a collector over OTLP/HTTP, in batches; what waits too long is dropped and counted by nobody but it. */
export class OtlpSender implements AsyncDisposable {
  readonly #processor: BatchSpanProcessor
  readonly #resource: Resource
  readonly #version: string

  constructor({ url, headers, version, onSent }: Options) {
    this.#version = version
    this.#resource = resourceFromAttributes({ 'service.name': 'signalbox', 'service.version': version })
    const exporter = new OTLPTraceExporter({ url, headers: { ...headers }, timeoutMillis: 10_000 })
    const told: SpanExporter = {
      export: (spans, done) =>
        exporter.export(spans, (result) => {
          onSent(spans.length, result.code === 0 ? null : (result.error ?? new Error('the collector took nothing')))
          done(result)
        }),
      shutdown: () => exporter.shutdown(),
      forceFlush: () => exporter.forceFlush(),
    }
    this.#processor = new BatchSpanProcessor({ exporter: told, maxQueueSize: mostWaiting, scheduledDelayMillis: 2_000 })
  }

  send(span: EndedSpan): void {
    this.#processor.onEnd(this.#readable(span))
  }

  /** Resolves when all that was handed in is sent, or has failed. */
  async flush(): Promise<void> {
    // Told of by `onSent`.
    await this.#processor.forceFlush().catch(() => {})
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#processor.shutdown().catch(() => {})
  }

  #readable({ name, kind, context, parent, startMs, endMs, attributes, error }: EndedSpan): ReadableSpan {
    const own = spanContextOf(context)
    return {
      name,
      kind,
      spanContext: () => own,
      ...(parent !== null && { parentSpanContext: spanContextOf(parent) }),
      startTime: hrTime(startMs),
      endTime: hrTime(endMs),
      duration: hrTime(endMs - startMs),
      status: error === null ? { code: SpanStatusCode.UNSET } : { code: SpanStatusCode.ERROR, message: error },
      attributes: { ...attributes },
      links: [],
      events: [],
      ended: true,
      resource: this.#resource,
      instrumentationScope: { ...scope, version: this.#version },
      droppedAttributesCount: 0,
      droppedEventsCount: 0,
      droppedLinksCount: 0,
    }
  }
}

function spanContextOf({ traceId, spanId, isSampled }: TraceContext) {
  return { traceId, spanId, traceFlags: isSampled ? TraceFlags.SAMPLED : TraceFlags.NONE }
}

/** Seconds and nanoseconds. */
function hrTime(ms: number): HrTime {
  const seconds = Math.floor(ms / 1000)
  return [seconds, Math.round((ms - seconds * 1000) * 1e6)]
}
