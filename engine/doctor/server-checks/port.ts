import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import { AppError } from '../../../shared/app-error.ts'
import { ensurePortFree } from '../../api/own-port.ts'
import { nameOfHolder, portHolder } from '../../port-holder.ts'
import type { ServerCase } from '../case.ts'
import { entryFix } from '../entry-fix.ts'
import { type Finding, notLooked, ok, problem } from '../finding.ts'

/** Where an entry names a port, and the entry with another in its place. */
interface NamedPort {
  readonly port: number
  readonly where: string
  with(other: number): Record<string, unknown>
}

const portVariable = /(?:^|_)PORT$/i
const portOption = /^(--?[\w-]*port|-p)(?:=(\d+))?$/i

/** A port that the server is told to listen on is free, or its own. */
export async function checkPort(patient: ServerCase): Promise<Finding> {
  const { spec, expanded, live } = patient
  if (expanded === null) return notLooked('It is at an address; no port of this machine is its own.')
  const named = portIn(spec.entry, expanded)
  if (named === null) return notLooked('Its entry names no port.')
  const { port, where } = named
  if (live !== null) {
    patient.isPortOpen = await answers(port)
    return ok(`Port ${port} of ${where} ${patient.isPortOpen ? 'answers' : 'does not answer'}.`)
  }
  patient.isPortOpen = false
  try {
    await ensurePortFree(port)
    return ok(`Port ${port} of ${where} is free.`)
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    const holder = await portHolder(port)
    const who = holder === null ? 'another program' : nameOfHolder(holder)
    const free = await freePort()
    return problem('port_in_use', `Port ${port} of ${where} is used by ${who}.`, {
      hint: 'End that program, or give this server another port.',
      fix: entryFix(patient, `Give it port ${free}`, named.with(free)),
    })
  }
}

type Fields = Readonly<Record<string, unknown>>

/** The port that an entry names in its environment or its arguments; of the entry as it is written. Pure. */
export function portIn(
  entry: Fields,
  { env, args }: { env: Readonly<Record<string, string>>; args: readonly string[] },
): NamedPort | null {
  for (const [name, value] of Object.entries(env)) {
    if (!portVariable.test(name) || !isPort(value)) continue
    const written = entry.env as Fields
    return {
      port: Number(value),
      where: `env.${name}`,
      with: (other) => ({ ...entry, env: { ...written, [name]: String(other) } }),
    }
  }
  for (const [index, arg] of args.entries()) {
    const [, option, joined] = portOption.exec(arg) ?? []
    if (option === undefined) continue
    const at = joined === undefined ? index + 1 : index
    const value = joined ?? args[at]
    if (value === undefined || !isPort(value)) continue
    const list = entry.args as readonly unknown[]
    return {
      port: Number(value),
      where: `args[${at}]`,
      with: (other) => ({ ...entry, args: list.with(at, joined === undefined ? String(other) : `${option}=${other}`) }),
    }
  }
  return null
}

function isPort(text: string): boolean {
  return /^\d{2,5}$/.test(text) && Number(text) < 65_536
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('No port was given')
  return address.port
}

async function answers(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1')
  try {
    await once(socket, 'connect')
    return true
  } catch {
    // Refused: nobody listens there.
    return false
  } finally {
    socket.destroy()
  }
}
