import type { Cdp, Protocol } from './cdp.ts'

type Handler = (request: Request) => Response | Promise<Response>

const handlers = new Map<string, Handler>()

/** `protocol` of Electron. Chromium will not let a debugger answer for a scheme of our own, so see `toChromium`. */
export const protocol = {
  registerSchemesAsPrivileged(): void {},
  handle(scheme: string, handler: Handler): void {
    if (handlers.has(scheme)) throw new Error(`Failed to register protocol: ${scheme}`)
    handlers.set(scheme, handler)
  },
  unhandle: (scheme: string): void => void handlers.delete(scheme),
  isProtocolHandled: (scheme: string): boolean => handlers.has(scheme),
}

/**
 * `app://x/y` as Chromium gets to see it: `https://x.app.invalid/y`, an address that no name server knows and every
 * request for which is answered here. The main process keeps reading and writing `app://`.
 */
export function toChromium(url: string): string {
  const parts = /^([a-z][a-z0-9+.-]*):\/\/([^/?#]+)(.*)$/i.exec(url)
  const [, scheme, host, rest] = parts ?? []
  return scheme !== undefined && handlers.has(scheme) ? `https://${host}.${scheme}.invalid${rest}` : url
}

/** The way back: what the main process calls an address that Chromium tells. */
export function fromChromium(url: string): string {
  const parts = /^https:\/\/([^/?#]+)\.([a-z][a-z0-9+-]*)\.invalid(.*)$/i.exec(url)
  return parts ? `${parts[2]}://${parts[1]}${parts[3]}` : url
}

/** Answers what a page asks of our own schemes, and lets `mayNavigate` decide on every document from elsewhere. */
export async function interceptRequests(
  cdp: Cdp,
  sessionId: string,
  mayNavigate: (url: string) => boolean,
): Promise<void> {
  cdp.on('Fetch.requestPaused', sessionId, (paused) => {
    // The page may be gone before the answer is there; then nobody waits for it.
    void answer(cdp, sessionId, paused, mayNavigate).catch(() => {})
  })
  const patterns = [{ urlPattern: 'https://*.invalid/*' }, { urlPattern: '*', resourceType: 'Document' as const }]
  await cdp.send('Fetch.enable', { patterns }, sessionId)
}

async function answer(
  cdp: Cdp,
  sessionId: string,
  { requestId, request, resourceType }: Protocol.Fetch.requestPausedPayload,
  mayNavigate: (url: string) => boolean,
): Promise<void> {
  const url = fromChromium(request.url)
  if (resourceType === 'Document' && !mayNavigate(url)) {
    await cdp.send('Fetch.failRequest', { requestId, errorReason: 'Aborted' }, sessionId)
    return
  }
  const handler = handlers.get(new URL(url).protocol.slice(0, -1))
  if (!handler) {
    await cdp.send('Fetch.continueRequest', { requestId }, sessionId)
    return
  }
  const asked = new Request(url, { method: request.method, headers: request.headers, body: request.postData ?? null })
  const response = await handler(asked)
  await cdp.send(
    'Fetch.fulfillRequest',
    {
      requestId,
      responseCode: response.status,
      responseHeaders: [...response.headers].map(([name, value]) => ({ name, value })),
      body: Buffer.from(await response.arrayBuffer()).toString('base64'),
    },
    sessionId,
  )
}
