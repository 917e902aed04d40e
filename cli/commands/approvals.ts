import { AppError } from '../../shared/app-error.ts'
import type { HeldCall, Remember, Verdict } from '../../shared/approvals.ts'
import { type Client, withClient } from '../client.ts'
import { type Command, type Invocation, usage } from '../command.ts'
import { type ExitCode, exitCodes } from '../exit-codes.ts'
import { cell } from '../output.ts'
import { visible } from '../visible.ts'

export const approvals: Command = {
  name: 'approvals',
  usage: '[ID]',
  summary: 'Calls that wait for your yes or no; with an ID, its exact arguments',
  options: {},
  takes: [0, 1],
  async run({ args: [id], home, output }) {
    if (id !== undefined) {
      const held = await withClient(home, async (client) =>
        client.approvals.get({ id: (await named(client, id, approvals)).id }),
      )
      if (output.isJson) output.json(held)
      else output.line(`${sentence(held)}\n${visible(held.arguments_text)}`)
      return exitCodes.done
    }
    const answer = await withClient(home, (client) => client.approvals.list())
    if (output.isJson) output.json(answer)
    else if (answer.items.length === 0) output.line('No call waits for you.')
    else {
      const rows = answer.items.map((held) => [
        held.id,
        cell(held.origin),
        cell(held.server),
        cell(held.tool),
        cell(held.rule),
      ])
      output.table(['ID', 'CALLER', 'SERVER', 'TOOL', 'RULE'], rows)
    }
    return exitCodes.done
  },
}

const options = {
  always: { type: 'boolean' },
  session: { type: 'boolean' },
  'any-client': { type: 'boolean' },
} as const
const usageOfAnswer = 'ID [--always|--session] [--any-client]'

export const approve: Command = {
  name: 'approve',
  usage: usageOfAnswer,
  summary: 'Let a call that waits go on; --always remembers it for its tool and client',
  options,
  takes: [1, 1],
  run: (invocation) => decide(invocation, 'allow', approve),
}

export const deny: Command = {
  name: 'deny',
  usage: usageOfAnswer,
  summary: 'Refuse a call that waits; it is never sent',
  options,
  takes: [1, 1],
  run: (invocation) => decide(invocation, 'deny', deny),
}

async function decide({ args, flag, home, output }: Invocation, verdict: Verdict, command: Command): Promise<ExitCode> {
  if (flag('always') && flag('session')) throw usage('--always and --session exclude each other.', command)
  const remember: Remember = flag('always') ? 'always' : flag('session') ? 'session' : 'once'
  const scope = flag('any-client') ? 'tool' : 'tool_and_client'
  const [held, decision] = await withClient(home, async (client) => {
    const found = await named(client, args[0]!, command)
    return [found, await client.approvals.decide({ id: found.id, verdict, remember, scope })] as const
  })
  if (output.isJson) output.json(decision)
  else output.line(`${verdict === 'allow' ? 'Allowed' : 'Denied'}: ${sentence(held)}`)
  return exitCodes.done
}

/** By its id, or by how that begins or ends where only one does. */
async function named(client: Client, text: string, command: Command): Promise<HeldCall> {
  const { items } = await client.approvals.list()
  const found = items.filter(({ id }) => id.startsWith(text) || id.endsWith(text))
  if (found.length > 1) throw usage(`"${text}" is the beginning or end of ${found.length} ids.`, command)
  if (found[0] !== undefined) return found[0]
  throw new AppError('not_waiting', `No call "${text}" waits for an answer.`, {
    status: 404,
    hint: 'Run "signalbox approvals" for those that do.',
  })
}

const sentence = ({ origin, tool, server }: HeldCall): string =>
  `${cell(origin)} calls ${cell(tool)} of ${cell(server)}`
