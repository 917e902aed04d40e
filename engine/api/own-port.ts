import { once } from 'node:events'
import { createServer, type Server } from 'node:net'
import { AppError } from '../../shared/app-error.ts'
import { nameOfHolder, portHolder } from '../port-holder.ts'

/** Throws `port_taken` when nobody else may listen on this loopback port now. */
export async function ensurePortFree(port: number): Promise<void> {
  const server = createServer()
  await listenOn(server, port, '127.0.0.1')
  server.close()
  await once(server, 'close')
}

/** Throws `port_taken` when the port is another's. */
export async function listenOn(server: Server, port: number, host: string): Promise<void> {
  server.listen({ port, host, exclusive: true })
  try {
    await once(server, 'listening')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') throw await portTaken(port, error)
    throw error
  }
}

/** The error of a start whose port belongs to somebody else, naming who that is as well as can be known. */
async function portTaken(port: number, cause?: unknown): Promise<AppError> {
  const holder = await portHolder(port)
  const who = holder === null ? 'another program' : nameOfHolder(holder)
  return new AppError('port_taken', `Port ${port} is taken by ${who}.`, {
    hint: `End it, or choose another port with --port N (--port 0 takes any free one).`,
    status: 409,
    data: { port, holder },
    cause,
  })
}
