import { once } from 'node:events'
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { pipeline } from 'node:stream/promises'

/**
 * Stands before the gateway and adds the token to what has none, for the suites cannot send one. All else goes through
 * as it came: a foreign Host or Origin stays foreign, our own becomes the gateway's.
 */
export class HeaderProxy implements AsyncDisposable {
  readonly url: string
  readonly #server: ReturnType<typeof createServer>

  private constructor(server: ReturnType<typeof createServer>) {
    this.#server = server
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  }

  static async start(target: string, token: string): Promise<HeaderProxy> {
    const server = createServer((incoming, response) => {
      // A client that goes away in the middle is what this is for as much as one that stays.
      forward(incoming, response, new URL(target), token).catch(() => response.destroy())
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    return new HeaderProxy(server)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections()
    this.#server.close()
    await once(this.#server, 'close')
  }
}

async function forward(incoming: IncomingMessage, response: ServerResponse, target: URL, token: string): Promise<void> {
  const here = incoming.socket.localPort
  const translated = (value: string | undefined) =>
    value?.replace(/(?<=^|\/\/)(?:localhost|127\.0\.0\.1):(\d+)$/, (whole, port) =>
      Number(port) === here ? target.host : whole,
    )
  const { host, origin, ...headers } = incoming.headers
  const outgoing = request({
    host: target.hostname,
    port: target.port,
    method: incoming.method,
    path: incoming.url,
    headers: {
      authorization: `Bearer ${token}`,
      ...headers,
      host: translated(host),
      ...(origin !== undefined && { origin: translated(origin) }),
    },
  })
  // The modern era cancels by closing the stream, so a closed one must be closed here too.
  response.on('close', () => outgoing.destroy())
  const answered = once(outgoing, 'response') as Promise<[IncomingMessage]>
  await Promise.all([
    pipeline(incoming, outgoing),
    answered.then(async ([answer]) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      response.flushHeaders()
      await pipeline(answer, response)
    }),
  ])
}
