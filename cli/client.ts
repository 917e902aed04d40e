import { once } from 'node:events'
import { createORPCClient, ORPCError } from '@orpc/client'
import { RPCLink } from '@orpc/client/websocket'
import type { ContractRouterClient } from '@orpc/contract'
import { WebSocket } from 'ws'
import { fromWire } from '../engine/api/wire-error.ts'
import { AppError } from '../shared/app-error.ts'
import type { contract } from '../shared/contract.ts'
import { type Program, runningProgram } from './running-program.ts'

export type Client = ContractRouterClient<typeof contract>

/** Works with the running program of a home over its WebSocket. Failures are thrown as AppErrors. */
export async function withClient<T>(home: string, work: (client: Client, program: Program) => Promise<T>): Promise<T> {
  const program = await runningProgram(home)
  const socket = new WebSocket(`${program.info.url.replace(/^http/, 'ws')}/rpc`, {
    headers: { authorization: `Bearer ${program.token}`, 'x-signalbox-face': 'terminal' },
  })
  try {
    await once(socket, 'open')
    const link = new RPCLink({ websocket: socket as unknown as globalThis.WebSocket })
    return await work(createORPCClient<Client>(link), program)
  } catch (error) {
    throw error instanceof ORPCError ? fromWire(error) : lostOr(error, socket)
  } finally {
    socket.terminate()
  }
}

function lostOr(error: unknown, socket: WebSocket): unknown {
  if (error instanceof AppError || socket.readyState === WebSocket.OPEN) return error
  return new AppError('connection_lost', `The connection to Signalbox ended (${(error as Error).message}).`, {
    hint: 'See whether it still runs with "signalbox status".',
    cause: error,
  })
}
