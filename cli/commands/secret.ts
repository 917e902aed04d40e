import { text } from 'node:stream/consumers'
import { AppError } from '../../shared/app-error.ts'
import { withClient } from '../client.ts'
import { type Command, type Invocation, usage } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { cell } from '../output.ts'

export const secret: Command = {
  name: 'secret',
  usage: 'list | set NAME | delete NAME',
  summary: 'Secrets for `${secret:NAME}` in mcp.json; `set` reads the value from stdin, never from its arguments',
  options: {},
  takes: [1, 2],
  async run(invocation) {
    const [verb, name] = invocation.args
    if (verb === 'list' && name === undefined) await list(invocation)
    else if (verb === 'set' && name !== undefined) await set(invocation, name)
    else if (verb === 'delete' && name !== undefined) await forget(invocation, name)
    else throw usage('"secret" takes list, set NAME or delete NAME.', secret)
    return exitCodes.done
  },
}

async function list({ home, output }: Invocation): Promise<void> {
  const answer = await withClient(home, (client) => client.secrets.list())
  if (output.isJson) return output.json(answer)
  const { items, vault } = answer
  if (vault.problem !== null) output.note(cell(`${vault.problem.message} ${vault.problem.hint ?? ''}`))
  if (items.length === 0) return output.line('No secrets are stored, and no server asks for one.')
  const rows = items.map((item) => [cell(item.name), item.is_set ? 'stored' : 'missing', cell(item.used_by.join(', '))])
  output.table(['SECRET', 'VALUE', 'USED BY'], rows)
}

async function set({ home, output }: Invocation, name: string): Promise<void> {
  if (process.stdin.isTTY)
    output.note(`Type the value of ${cell(name)}, then Enter and Ctrl+D. It is shown while you type.`)
  const value = (await text(process.stdin)).replace(/\r?\n$/, '')
  if (value === '') {
    throw new AppError('empty_secret', 'Nothing came on stdin, so nothing is stored.', {
      hint: `Hand the value in: signalbox secret set ${name} < FILE`,
    })
  }
  await withClient(home, (client) => client.secrets.set({ name, value }))
  if (output.isJson) output.json({ name })
  else output.line(`${cell(name)} is stored.`)
}

async function forget({ home, output }: Invocation, name: string): Promise<void> {
  await withClient(home, (client) => client.secrets.delete({ name }))
  if (output.isJson) output.json({ name })
  else output.line(`${cell(name)} is gone from the vault.`)
}
