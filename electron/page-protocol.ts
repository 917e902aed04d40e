import { protocol } from 'electron'
import { pageAsset, pageShell } from '../engine/api/page-files.ts'

export const pageOrigin = 'app://signalbox'
export const pageUrl = `${pageOrigin}/`

/** Tells Chromium, before it starts, that `app://` is an origin like any other. */
export function declarePageScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  ])
}

/** Serves the built page under `app://signalbox/`, with the same files and headers as the HTTP face. */
export function servePage(pageDir: string): void {
  protocol.handle('app', (request) => answerPage(request.url, pageDir))
}

/** The shell at `/`, one plain name below `/assets/`, and 404 for all else, other hosts included. */
export async function answerPage(url: string, pageDir: string): Promise<Response> {
  const { host, pathname } = new URL(url)
  if (`app://${host}` !== pageOrigin) return notFound()
  if (pathname === '/') return (await pageShell(pageDir)) ?? notBuilt()
  const asset = /^\/assets\/([^/]+)$/.exec(pathname)?.[1]
  return (asset === undefined ? null : await pageAsset(pageDir, asset)) ?? notFound()
}

function notFound(): Response {
  return new Response('Not found', { status: 404 })
}

function notBuilt(): Response {
  return new Response('The page is not built. Run: npm run build', { status: 500 })
}
