import { type Signing, signingSchema, type WebhookSource, webhookNameSchema } from '../../shared/webhooks.ts'
import { callParameters } from '../call-parameters.ts'
import { type Client, withClient } from '../client.ts'
import { type Command, type Invocation, usage } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { cell } from '../output.ts'
import { unknownName } from '../unknown-name.ts'

type Verb = (invocation: Invocation, name: string) => Promise<void>

export const webhooks: Command = {
  name: 'webhooks',
  usage: '[add|rotate|settle|remove NAME] [hosts HOST …|none] [--signing KIND|JSON]',
  summary: 'Who may send webhooks; `add` and `rotate` print the secret alone, this once; `settle` ends the older ones',
  options: { signing: { type: 'string' } },
  takes: [0, 21],
  async run(invocation) {
    const [verb, name, ...rest] = invocation.args
    if (verb === undefined || (verb === 'list' && name === undefined)) await list(invocation)
    else if (verb === 'hosts') await hosts(invocation, invocation.args.slice(1))
    else if (name !== undefined && rest.length === 0 && verbs[verb] !== undefined) await verbs[verb](invocation, name)
    else throw usage('"webhooks" takes add, rotate, settle or remove and a NAME, or hosts.', webhooks)
    return exitCodes.done
  },
}

const verbs: Readonly<Record<string, Verb>> = {
  async add({ home, output, text }, name) {
    if (!webhookNameSchema.safeParse(name).success) {
      throw usage('A source is named by lower-case letters, digits, dash and underscore.', webhooks)
    }
    const signing = await signingOf(text('signing') ?? 'github')
    const made = await withClient(home, (client) => client.webhooks.createSource({ name, signing }))
    if (output.isJson) return output.json(made)
    output.note(`${cell(name)} sends to ${made.source.path}, signed with this secret, shown this once:`)
    output.line(made.secret)
  },
  async rotate({ home, output }, name) {
    const made = await withClient(home, async (client) => {
      const { id } = await named(client, name)
      return client.webhooks.addSecret({ id })
    })
    if (output.isJson) return output.json(made)
    output.note('A further secret, shown this once; the others are good until you "settle":')
    output.line(made.secret)
  },
  async settle({ home, output }, name) {
    const settled = await withClient(home, async (client) => {
      let source = await named(client, name)
      for (const { id } of source.secrets.slice(0, -1)) {
        source = await client.webhooks.removeSecret({ id: source.id, secret_id: id })
      }
      return source
    })
    if (output.isJson) output.json(settled)
    else output.line(`Only the last secret of ${cell(name)} is good now, …${settled.secrets[0]?.hint}.`)
  },
  async remove({ home, output }, name) {
    const removed = await withClient(home, async (client) => {
      const { id } = await named(client, name)
      return client.webhooks.removeSource({ id })
    })
    if (output.isJson) output.json(removed)
    else output.line(`${cell(name)} may send nothing more; what it sent stays on record.`)
  },
}

async function list({ home, output }: Invocation): Promise<void> {
  const answer = await withClient(home, (client) => client.webhooks.sources())
  if (output.isJson) return output.json(answer)
  if (answer.items.length === 0)
    return output.line('Nobody may send webhooks. Let somebody: "signalbox webhooks add NAME".')
  const rows = answer.items.map(({ name, path, signing, secrets, problem }) => [
    cell(name),
    cell(path),
    cell(signing.kind),
    secrets.map(({ hint }) => `…${hint}`).join(', '),
    problem === null ? '' : cell(problem.message),
  ])
  output.table(['SOURCE', 'PATH', 'SIGNED AS', 'SECRETS', ''], rows)
}

/** Names of tunnels and proxies that pass webhooks on. */
async function hosts({ home, output }: Invocation, names: readonly string[]): Promise<void> {
  const options = await withClient(home, async (client) => {
    const now = await client.webhooks.options()
    if (names.length === 0) return now
    return client.webhooks.setOptions({ ...now, hosts: names[0] === 'none' ? [] : [...names] })
  })
  if (output.isJson) output.json(options)
  else if (options.hosts.length === 0) output.line('Webhooks come to the loopback address alone.')
  else output.line(`Webhooks may come through ${options.hosts.map(cell).join(', ')}.`)
}

/** A kind by its name, or all of it as JSON: `{"kind":"hmac","header":"X-Signature"}`. */
async function signingOf(text: string): Promise<Signing> {
  const value = text.startsWith('{') ? await callParameters([], text).catch(asUsage) : { kind: text }
  const read = signingSchema.safeParse(value)
  if (read.success) return read.data
  const [first] = read.error.issues
  throw usage(`--signing takes github, standard or JSON: ${first?.path.join('.') ?? ''} ${first?.message}`, webhooks)
}

function asUsage(error: Error): never {
  throw usage(error.message.replace('--args', '--signing'), webhooks)
}

async function named(client: Client, name: string): Promise<WebhookSource> {
  const { items } = await client.webhooks.sources()
  const found = items.find((source) => source.name === name)
  if (found !== undefined) return found
  throw unknownName(
    'source',
    name,
    items.map((source) => source.name),
  )
}
