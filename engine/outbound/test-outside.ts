import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { type AddressInfo, connect } from 'node:net'
import { text } from 'node:stream/consumers'
import type { Dialling } from './dial.ts'

/** A public address, as far as anybody can tell from its number. */
export const publicAddress = '93.184.215.14'

export interface SeenRequest {
  readonly method: string
  readonly url: string
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

/** A real HTTP server on loopback that stands for everything outside, and a dialling that leads there alone. */
export interface Outside extends AsyncDisposable {
  readonly port: number
  readonly dialling: Dialling
  /** What names lead to; what is not in here leads to `publicAddress`. Each lookup takes the next of several. */
  readonly names: Map<string, readonly (readonly string[])[]>
  readonly lookups: string[]
  /** `address:port` of each connection that was asked for. */
  readonly attempts: string[]
  readonly requests: SeenRequest[]
}

export async function openOutside(
  answer: (request: SeenRequest, response: ServerResponse) => void = (_, response) => void response.end('ok'),
  tls: { key: string; cert: string } | null = null,
): Promise<Outside> {
  const requests: SeenRequest[] = []
  const listener = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method = '', url = '', headers } = incoming
    const request = { method, url, headers, body: await text(incoming) }
    requests.push(request)
    answer(request, response)
  }
  const server = tls === null ? createServer(listener) : createTlsServer(tls, listener)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const names: Outside['names'] = new Map()
  const lookups: string[] = []
  const attempts: string[] = []
  return {
    port,
    names,
    lookups,
    attempts,
    requests,
    dialling: {
      ...(tls !== null && { authorities: tls.cert }),
      resolve: async (host) => {
        const earlier = lookups.filter((name) => name === host).length
        lookups.push(host)
        const answers = names.get(host) ?? [[publicAddress]]
        return answers[Math.min(earlier, answers.length - 1)] ?? []
      },
      connect: async (to) => {
        attempts.push(`${to.address}:${to.port}`)
        const socket = connect({ host: '127.0.0.1', port })
        await once(socket, 'connect', { signal: to.signal })
        return socket
      },
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
