import { RPCHandler } from '@orpc/server/ws'
import type { WebSocket } from 'ws'
import type { CallContext } from '../router.ts'
import type { ApiRouter } from './api-router.ts'
import { type ReportDefect, wireErrors } from './wire-error.ts'

/** Above this, answers and streams wait for the reader. */
const patientBytes = 1024 * 1024
/** Above this, the reader is dropped. */
const maxBufferedBytes = 64 * 1024 * 1024

/** Serves the whole contract over one WebSocket. */
export function createRpcSockets(router: ApiRouter, report: ReportDefect) {
  const handler = new RPCHandler<CallContext>(router, { clientInterceptors: [wireErrors(report)] })
  return (socket: WebSocket, context: CallContext): void => {
    // `ws` closes the socket by itself after an error, a frame over the limit for one; unheard it would end the program.
    socket.on('error', () => {})
    const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()))
    const paced = {
      send: (data: string | Buffer) => sendPaced(socket, closed, data),
      addEventListener: socket.addEventListener.bind(socket),
    }
    // It only subscribes; what comes later is reported by the interceptor.
    void handler.upgrade(paced as Pick<WebSocket, 'send' | 'addEventListener'>, { context })
  }
}

/** Waits while a lot lies unsent, so that a stream is pulled at its reader's pace. */
async function sendPaced(socket: WebSocket, closed: Promise<void>, data: string | Buffer): Promise<void> {
  // The end of the socket ends its streams; until then none may run on without ever waiting.
  if (socket.readyState !== socket.OPEN) return closed
  if (socket.bufferedAmount > maxBufferedBytes) {
    socket.close(1013, 'The reader is too slow.')
    return
  }
  if (socket.bufferedAmount < patientBytes) {
    socket.send(data)
    return
  }
  // A failed send means a closed socket, whose `close` event ends the peer.
  await new Promise<void>((resolve) => socket.send(data, () => resolve()))
}
