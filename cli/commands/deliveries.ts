import type { Delivery, DeliverySummary } from '../../shared/webhooks.ts'
import { type Client, withClient } from '../client.ts'
import { type Command, type Invocation, usage } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { cell } from '../output.ts'
import { localTime } from '../signs.ts'
import { visible } from '../visible.ts'

export const deliveries: Command = {
  name: 'deliveries',
  usage: '[ID] [redeliver ID] [--limit N]',
  summary: 'Webhooks that came and what became of them; with an ID, its headers and body',
  options: { limit: { type: 'string' } },
  takes: [0, 2],
  async run(invocation) {
    const [first, id] = invocation.args
    if (first === undefined) await list(invocation)
    else if (first === 'redeliver' && id !== undefined) await redeliver(invocation, id)
    else if (id === undefined) await show(invocation, first)
    else throw usage('"deliveries" takes an ID, or redeliver and an ID.', deliveries)
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

/** By its id, or by how that begins or ends where only one of the last hundred does. */
async function wholeId(client: Client, text: string): Promise<string> {
  const { items } = await client.webhooks.deliveries({ limit: 100 })
  const found = items.filter(({ id }) => id.startsWith(text) || id.endsWith(text))
  if (found.length > 1) throw usage(`"${text}" is the beginning or end of ${found.length} ids.`, deliveries)
  return found[0]?.id ?? text
}
