/** One server-sent event; `data` is sent as JSON. */
export interface SentEvent {
  readonly event: string
  readonly id?: string
  readonly data: unknown
}

const heartbeatMs = 15_000

/**
 * Sends what an iterator yields as server-sent events, at the reader's pace. A reader that leaves ends the iterator;
 * an error of the iterator leaves as a last event `error`, made by `errorEvent`.
 */
export function eventStreamResponse(
  events: AsyncIterator<SentEvent, unknown, void>,
  errorEvent: (error: unknown) => SentEvent,
): Response {
  const encoder = new TextEncoder()
  let heartbeat: NodeJS.Timeout | undefined
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(encoder.encode(': connected\n\n'))
      heartbeat = setInterval(() => {
        // A reader that is behind is alive enough, and is not to be given more.
        if ((controller.desiredSize ?? 0) > 0) controller.enqueue(encoder.encode(': still here\n\n'))
      }, heartbeatMs)
    },
    async pull(controller) {
      try {
        const { done, value } = await events.next()
        if (!done) return controller.enqueue(encoder.encode(format(value)))
      } catch (error) {
        controller.enqueue(encoder.encode(format(errorEvent(error))))
      }
      clearInterval(heartbeat)
      controller.close()
    },
    async cancel() {
      clearInterval(heartbeat)
      await events.return?.()
    },
  })
  return new Response(body, {
    headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' },
  })
}

function format({ event, id, data }: SentEvent): string {
  const idLine = id === undefined ? '' : `id: ${id}\n`
  return `event: ${event}\n${idLine}data: ${JSON.stringify(data)}\n\n`
}
