import type { ServerId } from '../../shared/ids.ts'
import type { Server } from '../../shared/server.ts'
import { withClient } from '../client.ts'
import type { Command, Invocation } from '../command.ts'
import { type ExitCode, exitCodes } from '../exit-codes.ts'
import { cell } from '../output.ts'
import { stateSign } from '../signs.ts'

const waitOption = { wait: { type: 'string' } } as const
const defaultWaitS = 60

type Verb = 'start' | 'stop' | 'restart'

export const start: Command = verbCommand('start', 'Start a server and wait until it is ready')
export const stop: Command = verbCommand('stop', 'Stop a server and wait until it has stopped')
export const restart: Command = verbCommand('restart', 'Stop a server, start it and wait until it is ready')

function verbCommand(name: Verb, summary: string): Command {
  return {
    name,
    usage: 'SERVER [--wait SECONDS]',
    summary: `${summary} (60 s unless told; 0 does not wait)`,
    options: waitOption,
    takes: [1, 1],
    run: (invocation) => move(name, invocation),
  }
}

async function move(verb: Verb, { args, home, output, number, signal }: Invocation): Promise<ExitCode> {
  const wait_s = number('wait', 0, 600) ?? defaultWaitS
  const id = args[0] as ServerId
  const server = await withClient(home, (client) => client.servers[verb]({ id, wait_s }, { signal }))
  if (output.isJson) output.json(server)
  else output.line(`${cell(server.id)}  ${stateSign(output, server.state)}`)
  if (wait_s === 0 || isThere(verb, server)) return exitCodes.done
  const failure = 'failure' in server.detail ? server.detail.failure : null
  output.note(failure === null ? `It is not there yet: ${cell(server.reason ?? server.state)}` : cell(failure.message))
  if (failure?.hint) output.note(cell(failure.hint))
  output.note(`See its log with: signalbox logs ${cell(server.id)}`)
  return exitCodes.failed
}

function isThere(verb: Verb, { state }: Server): boolean {
  return verb === 'stop' ? state === 'stopped' : state === 'ready' || state === 'degraded' || state === 'asleep'
}
