import { createHmac, timingSafeEqual } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

interface Delivery {
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** A real receiver of callbacks on loopback, which answers with the next of `statuses` and then with 200. */
export interface Receiver extends AsyncDisposable {
  readonly url: string
  /** For the allowed targets. */
  readonly host: string
  readonly deliveries: Delivery[]
  /** Resolves once so many have come. */
  came(count: number): Promise<void>
}

export async function openReceiver(statuses: number[] = [], answer = ''): Promise<Receiver> {
  const deliveries: Delivery[] = []
  const waiting: { count: number; resolve: () => void }[] = []
  const server = createServer(async (request, response) => {
    deliveries.push({ headers: request.headers, body: await text(request) })
    const status = statuses.shift() ?? 200
    response.writeHead(status, status === 307 ? { location: 'http://169.254.169.254/' } : {}).end(answer)
    for (const { count, resolve } of waiting) if (deliveries.length >= count) resolve()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/done`,
    host: `127.0.0.1:${port}`,
    deliveries,
    came: async (count) => {
      if (deliveries.length >= count) return
      const { promise, resolve } = Promise.withResolvers<void>()
      waiting.push({ count, resolve })
      await promise
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

/** As the documentation of Standard Webhooks has a receiver do it, by its text and not by our code. */
export function isSignedWith(key: string, { headers, body }: Delivery): boolean {
  const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`
  const secret = Buffer.from(key.replace(/^whsec_/, ''), 'base64')
  const expected = createHmac('sha256', secret).update(signed).digest()
  return String(headers['webhook-signature'])
    .split(' ')
    .map((signature) => /^v1,(.+)$/.exec(signature)?.[1])
    .filter((signature) => signature !== undefined)
    .map((signature) => Buffer.from(signature, 'base64'))
    .some((signature) => signature.length === expected.length && timingSafeEqual(signature, expected))
}
