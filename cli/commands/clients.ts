import type { Client as McpClient, ProfileId } from '../../shared/client.ts'
import type { ServerId } from '../../shared/ids.ts'
import { type Client, withClient } from '../client.ts'
import { type Command, type Invocation, usage } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { cell } from '../output.ts'
import { unknownName } from '../unknown-name.ts'

type Verb = (invocation: Invocation, name: string) => Promise<void>

export const clients: Command = {
  name: 'clients',
  usage: '[issue|rotate|revoke|remove NAME] [why NAME SERVER [TOOL]] [--profile PROFILE]',
  summary: 'Programs that may call the gateway; `issue` and `rotate` print the token alone, this once',
  options: { profile: { type: 'string' } },
  takes: [0, 4],
  async run(invocation) {
    const [verb, name, ...rest] = invocation.args
    if (verb === undefined || (verb === 'list' && name === undefined)) await list(invocation)
    else if (name !== undefined && verb === 'why' && rest[0] !== undefined)
      await why(invocation, name, rest[0], rest[1])
    else if (name !== undefined && rest.length === 0 && verbs[verb] !== undefined) await verbs[verb](invocation, name)
    else throw usage('"clients" takes issue, rotate, revoke or remove and a NAME, or why NAME SERVER.', clients)
    return exitCodes.done
  },
}

const verbs: Readonly<Record<string, Verb>> = {
  async issue({ home, output, text }, name) {
    const profile = (text('profile') ?? null) as ProfileId | null
    const issued = await withClient(home, (client) => client.clients.issue({ name, profile }))
    if (output.isJson) return output.json(issued)
    output.note(`The token of ${cell(name)}, shown this once:`)
    output.line(issued.token)
  },
  async rotate({ home, output }, name) {
    const rotated = await withClient(home, async (client) => client.clients.rotate(await named(client, name)))
    if (output.isJson) return output.json(rotated)
    output.note(`The new token of ${cell(name)}, shown this once; the old one has ended:`)
    output.line(rotated.token)
  },
  async revoke({ home, output }, name) {
    const revoked = await withClient(home, async (client) => client.clients.revoke(await named(client, name)))
    if (output.isJson) output.json(revoked)
    else output.line(`The token of ${cell(name)} has ended.`)
  },
  async remove({ home, output }, name) {
    const removed = await withClient(home, async (client) => client.clients.remove(await named(client, name)))
    if (output.isJson) output.json(removed)
    else output.line(`${cell(name)} is gone; its tasks stay.`)
  },
}

async function list({ home, output }: Invocation): Promise<void> {
  const answer = await withClient(home, (client) => client.clients.list())
  if (output.isJson) return output.json(answer)
  if (answer.items.length === 0) return output.line('No clients yet. Make one with "signalbox clients issue NAME".')
  const rows = answer.items.map((item) => [
    cell(item.name),
    cell(item.profile ?? 'everything'),
    cell(tokenOf(item)),
    cell(item.seen?.protocol_version ?? null),
    cell(item.seen?.tools_served ?? null),
    cell(item.seen?.last_at ?? 'never'),
    cell(item.seen?.last_call_at ?? 'never'),
  ])
  output.table(['CLIENT', 'PROFILE', 'TOKEN', 'PROTOCOL', 'TOOLS', 'LAST SEEN', 'LAST CALL'], rows)
}

async function why(
  { home, output }: Invocation,
  name: string,
  server: string,
  tool: string | undefined,
): Promise<void> {
  const answer = await withClient(home, async (client) =>
    client.clients.explain({
      ...(await named(client, name)),
      server: server as ServerId,
      ...(tool !== undefined && { tool }),
    }),
  )
  if (output.isJson) return output.json(answer)
  for (const { status, message, hint } of answer.links) {
    if (status === 'not_reached') continue
    output.line(`${status === 'holds' ? output.toned('green', '✓') : output.toned('red', '✗')} ${cell(message)}`)
    if (hint !== null) output.line(`  ${cell(hint)}`)
  }
  if (answer.broken === null) output.line('Nothing is in the way.')
}

function tokenOf({ revoked_at, token_hint }: McpClient): string {
  return revoked_at === null ? `…${token_hint}` : 'revoked'
}

async function named(client: Client, name: string): Promise<Pick<McpClient, 'id'>> {
  const { items } = await client.clients.list()
  const found = items.find((item) => item.name.toLowerCase() === name.toLowerCase())
  if (found === undefined)
    throw unknownName(
      'client',
      name,
      items.map((item) => item.name),
    )
  return { id: found.id }
}
