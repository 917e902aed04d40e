import type { ORPCError } from '@orpc/client'
import { StandardOpenAPIHandler } from '@orpc/openapi/standard'
import { AppError } from '../../shared/app-error.ts'
import { readTrace } from '../metrics/trace-context.ts'
import type { CallContext } from '../router.ts'
import { type ApiRouter, apiPrefix } from './api-router.ts'
import { idempotencyKeyOf } from './idempotency-header.ts'
import { readJsonBody } from './json-body.ts'
import { problemContentType, problemOf, problemResponse } from './problem.ts'
import { defect, fromWire, type ReportDefect, wireErrors } from './wire-error.ts'

export type RestHandler = (request: Request, context: CallContext) => Promise<Response>

/** Serves the procedures that have a route of their own below `/api/v1`; failures leave as problem documents. */
export function createRest(router: ApiRouter, report: ReportDefect): RestHandler {
  const handler = new StandardOpenAPIHandler<CallContext>(router, {
    filter: ({ contract }) => contract['~orpc'].route.path !== undefined,
    clientInterceptors: [wireErrors(report)],
    customErrorResponseBodyEncoder: (error: ORPCError<string, unknown>) => problemOf(fromWire(error)),
  })

  return async (request, context) => {
    const url = new URL(request.url)
    if (hasMalformedEscape(url.pathname)) return problemResponse(malformedPath())
    try {
      const input = request.method === 'GET' ? undefined : withKey(await bodyOrQuery(request, url), request, url)
      const headers = Object.fromEntries(request.headers)
      const { matched, response } = await handler.handle(
        {
          method: request.method,
          url,
          headers,
          body: async () => input,
          signal: request.signal,
        },
        { prefix: apiPrefix, context: { ...context, trace: readTrace(headers) ?? undefined } },
      )
      if (!matched) return problemResponse(unknownRoute(request.method, url.pathname))
      const isProblem = response.status >= 400
      return new Response(response.body === undefined ? null : JSON.stringify(response.body), {
        status: response.status,
        headers: {
          'content-type': isProblem ? problemContentType : 'application/json',
          'cache-control': 'no-store',
        },
      })
    } catch (error) {
      if (error instanceof AppError) return problemResponse(error)
      report(error, `${request.method} ${url.pathname}`)
      return problemResponse(defect())
    }
  }
}

export function unknownRoute(method: string, path: string): AppError {
  return new AppError('unknown_route', `There is no ${method} ${path}.`, {
    status: 404,
    hint: `See ${apiPrefix}/openapi.json for what there is.`,
  })
}

/** Parameters of calls without a body may stand in the query, as `?wait_s=10` of a start. */
async function bodyOrQuery(request: Request, url: URL): Promise<unknown> {
  const body = await readJsonBody(request)
  if (body !== undefined || url.search === '') return body
  return Object.fromEntries(url.searchParams)
}

/** The one route that makes what a repeated request must not make again takes its key from the header, too. */
function withKey(input: unknown, { method, headers }: Request, url: URL): unknown {
  if (method !== 'POST' || url.pathname !== `${apiPrefix}/tasks`) return input
  const idempotency_key = idempotencyKeyOf(headers)
  if (idempotency_key === undefined || typeof input !== 'object' || input === null) return input
  return { ...input, idempotency_key }
}

function hasMalformedEscape(pathname: string): boolean {
  try {
    decodeURIComponent(pathname)
    return false
  } catch {
    // A URIError is the answer.
    return true
  }
}

function malformedPath(): AppError {
  return new AppError('malformed_path', 'The path holds a broken percent-encoding.', {
    status: 400,
    hint: 'Encode each part of the path as UTF-8 with encodeURIComponent or its like.',
  })
}
