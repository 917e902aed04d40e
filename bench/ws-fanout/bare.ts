// The yardstick: what everybody writes first with `ws`, one text for all and a loop over the sockets. Prints `listening URL`.
import type { AddressInfo } from 'node:net'
import { WebSocket, WebSocketServer } from 'ws'
import { takeOrders } from './paced.ts'

const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
let seq = 0

server.on('listening', () => {
  console.log(`listening ws://127.0.0.1:${(server.address() as AddressInfo).port}/`)
})
takeOrders((text) => {
  seq++
  const at = new Date().toISOString()
  const message = JSON.stringify({ type: 'event', topic: 'events.webhook.received', seq, at, data: fact(text, at) })
  for (const client of server.clients) if (client.readyState === WebSocket.OPEN) client.send(message)
})

/** As long as what Signalbox tells. */
function fact(text: string, at: string): unknown {
  const payload = { hook: 'bench', delivery_id: '1', content_type: null, body: text }
  return { id: '019f0000-0000-7000-8000-000000000000', at, name: 'webhook.received', version: 1, payload }
}
