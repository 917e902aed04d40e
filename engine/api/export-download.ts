import { createRouterClient } from '@orpc/server'
import { AppError } from '../../shared/app-error.ts'
import type { ExportKind } from '../../shared/settings-contract.ts'
import type { CallContext } from '../router.ts'
import type { ApiRouter } from './api-router.ts'
import { type ReportDefect, wireErrors } from './wire-error.ts'

const kinds: ReadonlySet<string> = new Set<ExportKind>(['tasks', 'logs'])

/** All tasks or log lines as one body of NDJSON, made as it is read: a slow reader costs no memory. */
export async function exportDownload(
  router: ApiRouter,
  what: string,
  { context, signal, report }: { context: CallContext; signal: AbortSignal; report: ReportDefect },
): Promise<Response> {
  if (!kinds.has(what)) {
    throw new AppError('unknown_export', `"${what}" cannot be exported.`, {
      hint: 'Ask for tasks or logs.',
      status: 404,
    })
  }
  const client = createRouterClient(router, { context, interceptors: [wireErrors(report)] })
  const pieces = await client.exports.stream({ what: what as ExportKind }, { signal })
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await pieces.next()
        if (done) controller.close()
        else controller.enqueue(new TextEncoder().encode(value.text))
      },
      async cancel() {
        await pieces.return()
      },
    },
    { highWaterMark: 1 },
  )
  return new Response(body, {
    headers: {
      'content-type': 'application/x-ndjson; charset=utf-8',
      'content-disposition': `attachment; filename="signalbox-${what}.ndjson"`,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    },
  })
}
