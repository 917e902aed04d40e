import { missedRequestSchema } from '../../shared/missed-deliveries.ts'
import type { Delivery, DeliverySummary } from '../../shared/webhooks.ts'
import { type Client, withClient } from '../client.ts'
import { type Command, type Invocation, usage } from '../command.ts'
import { type ExitCode, exitCodes } from '../exit-codes.ts'
import { cell } from '../output.ts'
import { localTime } from '../signs.ts'
import { visible } from '../visible.ts'

export const deliveries: Command = {
  name: 'deliveries',
  usage: '[ID] [redeliver ID] [missed OWNER/REPO --token SECRET [--hook N] [--api URL] [--redeliver]] [--limit N]',
  summary:
    'Webhooks that came and what became of them; with an ID, its headers and body; those of GitHub that did not come',
  options: {
    limit: { type: 'string' },
    token: { type: 'string' },
    hook: { type: 'string' },
    api: { type: 'string' },
    redeliver: { type: 'boolean' },
  },
  takes: [0, 2],
  async run(invocation) {
    const [first, id] = invocation.args
    if (first === undefined) await list(invocation)
    else if (first === 'missed' && id !== undefined) return missed(invocation, id)
    else if (first === 'redeliver' && id !== undefined) await redeliver(invocation, id)
    else if (id === undefined) await show(invocation, first)
    else throw usage('"deliveries" takes an ID, redeliver and an ID, or missed and OWNER/REPO.', deliveries)
    return exitCodes.done
  },
}

async function list({ home, output, number }: Invocation): Promise<void> {
  const limit = number('limit', 1, 1000) ?? 20
  const page = await withClient(home, (client) => client.webhooks.deliveries({ limit }))
  if (output.isJson) return output.json(page)
  if (page.items.length === 0) return output.line('No webhook has come yet.')
  const rows = page.items.map((item) => [
    item.id,
    localTime(item.at),
    cell(item.source),
    cell(item.sent_event),
    cell(item.about),
    cell(item.verdict.replaceAll('_', ' ')),
    cell(stateOf(item)),
  ])
  output.table(['ID', 'CAME', 'SOURCE', 'EVENT', 'ABOUT', 'VERDICT', ''], rows)
}

function stateOf({ event, handled_at, why, redelivery_of }: DeliverySummary): string {
  if (event === null) return why ?? ''
  const again = redelivery_of === null ? '' : ', once more'
  return `${handled_at === null ? 'waits' : 'handled'}${again}`
}

async function show({ home, output }: Invocation, id: string): Promise<void> {
  const delivery = await withClient(home, async (client) => client.webhooks.delivery({ id: await wholeId(client, id) }))
  if (output.isJson) return output.json(delivery)
  for (const line of linesOf(delivery)) output.line(line)
}

function* linesOf({ headers, body, is_cut, ...delivery }: Delivery): Generator<string> {
  yield `${delivery.verdict.replaceAll('_', ' ')}  ${cell(stateOf(delivery))}`
  for (const [name, value] of headers) yield `${cell(name)}: ${cell(value)}`
  yield ''
  yield visible(body)
  if (is_cut) yield '… the rest is not kept.'
}

async function redeliver({ home, output }: Invocation, id: string): Promise<void> {
  const again = await withClient(home, async (client) => client.webhooks.redeliver({ id: await wholeId(client, id) }))
  if (output.isJson) output.json(again)
  else output.line(`Its event is told once more, as delivery ${again.id}.`)
}

/** What GitHub sent and what did not come; ends as failed where GitHub would not send one of them again. */
async function missed({ home, output, text, flag, number }: Invocation, repository: string): Promise<ExitCode> {
  const token = text('token')
  if (token === undefined) throw usage('"deliveries missed" needs --token and the name of a secret.', deliveries)
  const read = missedRequestSchema.safeParse({
    repository,
    token,
    hook_id: number('hook', 1),
    api_url: text('api'),
    redeliver: flag('redeliver'),
  })
  if (!read.success) {
    const [issue] = read.error.issues
    throw usage(`${issue?.path.join('.')}: ${issue?.message}`, deliveries)
  }
  const { items, ...answer } = await withClient(home, (client) => client.webhooks.missed(read.data))
  const code = items.some(({ failure }) => failure !== null) ? exitCodes.failed : exitCodes.done
  if (output.isJson) {
    output.json({ items, ...answer })
    return code
  }
  const rows = items.map(({ sent_id, at, event, action, answered, asked, failure }) => [
    cell(sent_id),
    localTime(at),
    cell([event, action].filter((part) => part !== null).join(' ')),
    answered === null ? 'nobody' : String(answered),
    asked ? 'sent once more' : cell(failure?.message ?? ''),
  ])
  if (rows.length > 0) output.table(['SENT AS', 'LAST TRIED', 'EVENT', 'ANSWERED', ''], rows)
  const older = answer.is_cut ? '; older ones were not looked at' : ''
  output.note(`${items.length} of ${answer.looked_at} deliveries of GitHub did not come${older}.`)
  return code
}

/** By its id, or by how that begins or ends where only one of the last hundred does. */
async function wholeId(client: Client, text: string): Promise<string> {
  const { items } = await client.webhooks.deliveries({ limit: 100 })
  const found = items.filter(({ id }) => id.startsWith(text) || id.endsWith(text))
  if (found.length > 1) throw usage(`"${text}" is the beginning or end of ${found.length} ids.`, deliveries)
  return found[0]?.id ?? text
}
