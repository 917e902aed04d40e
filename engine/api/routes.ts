import { Hono } from 'hono'
import { AppError } from '../../shared/app-error.ts'
import type { Caller } from '../gateway/caller.ts'
import { type CallContext, contextOfClient } from '../router.ts'
import { type CallbackAnswer, callbackPage } from '../sign-in/callback-page.ts'
import { callbackPath } from '../sign-in/callback-path.ts'
import { answerWebhook, type WebhookDoor } from '../webhooks/webhook-door.ts'
import { type ApiRouter, apiPrefix } from './api-router.ts'
import { exportDownload } from './export-download.ts'
import { type Access, metricsPath } from './guard.ts'
import { readJsonBody } from './json-body.ts'
import { openApiDocument } from './openapi.ts'
import { pageAsset, pageShell } from './page-files.ts'
import { problemResponse } from './problem.ts'
import { createRest, unknownRoute } from './rest.ts'
import { createRestStreams } from './rest-streams.ts'
import { type ScrapeMetrics, scrapeResponse } from './scrape-response.ts'
import type { Sessions } from './sessions.ts'
import { defect, type ReportDefect } from './wire-error.ts'

/** What the guard found out about a request. */
export interface RequestFacts {
  readonly access: Access
  /** The value of `x-signalbox-face`. */
  readonly face: string | undefined
  /** Whose token it came with; null: the owner's, or none. */
  readonly client: Caller | null
}

export interface RouteParts {
  readonly router: ApiRouter
  readonly version: string
  readonly url: string
  readonly pageDir: string | null
  readonly cookieName: string
  readonly sessions: Sessions
  readonly finishSignIn: FinishSignIn
  readonly webhooks: WebhookDoor
  readonly scrape: ScrapeMetrics
  readonly report: ReportDefect
}

/** Takes what an authorization server sends back through a browser. */
export type FinishSignIn = (query: URLSearchParams) => Promise<CallbackAnswer>

/** Everything that the HTTP face answers, behind the guard. */
export function createRoutes(parts: RouteParts) {
  const { router, sessions, url, version, pageDir, report } = parts
  const rest = createRest(router, report)
  const streams = createRestStreams(router, report)
  const app = new Hono<{ Bindings: RequestFacts }>()
  let document: Promise<unknown> | undefined

  app.get('/healthz', () => new Response(null, { status: 200 }))
  app.get('/open/:code', (c) => {
    const sessionId = sessions.redeem(c.req.param('code'))
    if (sessionId === null) return problemResponse(usedLink())
    return new Response(null, { status: 303, headers: { location: '/', ...cookie(parts.cookieName, sessionId) } })
  })
  app.get(metricsPath, () => scrapeResponse(parts.scrape))
  app.get(callbackPath, async (c) => callbackPage(await parts.finishSignIn(new URL(c.req.url).searchParams)))
  app.post('/webhooks/*', (c) => answerWebhook(parts.webhooks, c.req.raw))
  if (pageDir !== null) {
    app.get('/', async () => (await pageShell(pageDir)) ?? problemResponse(pageMissing()))
    app.get('/assets/:name', async (c) => {
      return (await pageAsset(pageDir, c.req.param('name'))) ?? problemResponse(unknownRoute('GET', c.req.path))
    })
  }
  app.get('/ws/:client_id', () => problemResponse(upgradeRequired()))
  app.get(`${apiPrefix}/openapi.json`, async () => {
    document ??= openApiDocument({ version, url })
    return Response.json(await document)
  })
  // Not a procedure: only the HTTP face has links, and a page may not make more of them.
  app.post(`${apiPrefix}/page-links`, async (c) => {
    await readJsonBody(c.req.raw)
    if (c.env.access !== 'owner') return problemResponse(ownerOnly())
    return Response.json({ url: `${url}/open/${sessions.newCode()}` }, { status: 201 })
  })
  app.get(`${apiPrefix}/exports/:what`, (c) =>
    exportDownload(router, c.req.param('what'), { context: contextOf(c.env), signal: c.req.raw.signal, report }),
  )
  app.all(`${apiPrefix}/*`, async (c) => {
    const context = contextOf(c.env)
    return (await streams(c.req.raw, context)) ?? rest(c.req.raw, context)
  })
  app.notFound((c) => problemResponse(unknownRoute(c.req.method, new URL(c.req.url).pathname)))
  app.onError((error, c) => {
    if (error instanceof AppError) return problemResponse(error)
    report(error, `${c.req.method} ${c.req.path}`)
    return problemResponse(defect())
  })
  return app
}

/** Who a call is recorded as coming from. */
export function contextOf({ access, face, client }: RequestFacts): CallContext {
  if (client !== null) return contextOfClient(client)
  if (access === 'page') return { origin: 'page' }
  return { origin: face === 'terminal' ? 'terminal' : 'api' }
}

function cookie(name: string, value: string): Record<string, string> {
  return {
    'set-cookie': `${name}=${value}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${30 * 24 * 3600}`,
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
  }
}

function usedLink(): AppError {
  return new AppError('link_used', 'This link was used before, or is older than a minute.', {
    status: 403,
    hint: 'Run "signalbox open" for a fresh one.',
  })
}

function ownerOnly(): AppError {
  return new AppError('owner_only', 'Only the owner token may do this.', {
    status: 403,
    hint: 'Run "signalbox open" in a terminal.',
  })
}

function upgradeRequired(): AppError {
  return new AppError('upgrade_required', 'This is a WebSocket.', {
    status: 426,
    hint: 'Connect with a WebSocket client, as docs/guides/websocket.md shows.',
  })
}

function pageMissing(): AppError {
  return new AppError('page_missing', 'The page is not built.', { status: 404, hint: 'Run "npm run build".' })
}
