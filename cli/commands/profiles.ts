import type { Profile, ServerGrant } from '../../shared/client.ts'
import { profileIdSchema, withServer, withTools } from '../../shared/client.ts'
import type { ServerId } from '../../shared/ids.ts'
import { type Client, withClient } from '../client.ts'
import { type Command, type Invocation, usage } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { cell } from '../output.ts'
import { unknownName } from '../unknown-name.ts'

export const profiles: Command = {
  name: 'profiles',
  usage: '[add|remove PROFILE] [on|off PROFILE SERVER [TOOL]] [--others on|off]',
  summary: 'What clients reach; `others` is what holds for servers that a profile does not name',
  options: { others: { type: 'string' } },
  takes: [0, 4],
  async run(invocation) {
    const [verb, id, server, tool] = invocation.args
    if (verb === undefined || (verb === 'list' && id === undefined)) await list(invocation)
    else if (verb === 'add' && id !== undefined && server === undefined) await add(invocation, id)
    else if (verb === 'remove' && id !== undefined && server === undefined) await remove(invocation, id)
    else if ((verb === 'on' || verb === 'off') && id !== undefined && server !== undefined)
      await change(invocation, id, (profile) => switched(profile, server as ServerId, tool, verb === 'on'))
    else throw usage('"profiles" takes add or remove and a PROFILE, or on or off, a PROFILE and a SERVER.', profiles)
    return exitCodes.done
  },
}

async function list({ home, output }: Invocation): Promise<void> {
  const answer = await withClient(home, (client) => client.profiles.list())
  if (output.isJson) return output.json(answer)
  if (answer.items.length === 0) return output.line('No profiles yet: every client reaches everything.')
  const rows = answer.items.map(({ id, name, others, servers }) => [
    cell(id),
    cell(name),
    cell(others),
    cell(servers.map(grantText).join(', ')),
  ])
  output.table(['PROFILE', 'NAME', 'OTHERS', 'SERVERS'], rows)
}

/** `notes on, 2 tools off`. */
function grantText({ server, is_on, tools_off }: ServerGrant): string {
  if (!is_on) return `${server} off`
  const off = tools_off.length === 0 ? '' : `, ${tools_off.length} ${tools_off.length === 1 ? 'tool' : 'tools'} off`
  return `${server} on${off}`
}

async function add({ home, output, text }: Invocation, name: string): Promise<void> {
  const parsed = profileIdSchema.safeParse(name)
  if (!parsed.success) throw usage('A profile is named by lower-case letters, digits and dashes, 40 at most.', profiles)
  const others = text('others') ?? 'on'
  if (others !== 'on' && others !== 'off') throw usage(`--others takes on or off, not "${others}".`, profiles)
  const saved = await withClient(home, async (client) => {
    const known = (await client.profiles.list()).items.find(({ id }) => id === parsed.data)
    return client.profiles.save({ id: parsed.data, name: known?.name ?? name, others, servers: known?.servers ?? [] })
  })
  if (output.isJson) output.json(saved)
  else output.line(`The profile ${cell(name)} stands; servers that it does not name are ${others}.`)
}

async function remove({ home, output }: Invocation, name: string): Promise<void> {
  const removed = await withClient(home, async (client) => {
    const { id } = await named(client, name)
    return client.profiles.remove({ id })
  })
  if (output.isJson) output.json(removed)
  else output.line(`The profile ${cell(name)} is gone.`)
}

async function change({ home, output }: Invocation, name: string, to: (profile: Profile) => Profile): Promise<void> {
  const saved = await withClient(home, async (client) => client.profiles.save(to(await named(client, name))))
  if (output.isJson) output.json(saved)
  else output.line(`${cell(saved.name)}: ${cell(saved.servers.map(grantText).join('; '))}`)
}

function switched(profile: Profile, server: ServerId, tool: string | undefined, isOn: boolean): Profile {
  return tool === undefined ? withServer(profile, server, isOn) : withTools(profile, server, [tool], isOn)
}

async function named(client: Client, name: string): Promise<Profile> {
  const { items } = await client.profiles.list()
  const found = items.find(({ id }) => id === name)
  if (found !== undefined) return found
  throw unknownName(
    'profile',
    name,
    items.map(({ id }) => id),
  )
}
