import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import fc from 'fast-check'
import { Figure, type FigureOptions } from './figure.ts'
import { Program } from './program.ts'
import { comparisonTells } from './transparency/comparison.ts'
import { type Door, doors, openDoor } from './transparency/doors.ts'
import { anyExchange } from './transparency/exchange.ts'
import { offences } from './transparency/offences.ts'
import { TextClient } from './transparency/text-client.ts'

/** How many exchanges are on their way at once. */
const batch = 64

/**
 * Any JSON in a request, its progress, its result or its error comes out as it went in: equal as JSON values with the order
 * of members and the text of numbers kept, but for what the gateway owns; progress before its result, in its order.
 */
export async function transparency({ short, seed }: FigureOptions): Promise<Figure> {
  const figure = new Figure('transparency')
  const wanted = short ? 2000 : 200_000
  const home = await mkdtemp(join(tmpdir(), 'signalbox-figure-'))
  await figure.check('the comparison tells apart what JSON.parse takes for the same', comparisonTells)
  try {
    const entry = { command: process.execPath, args: [resolve('test-servers/verbatim.mjs')] }
    await writeFile(join(home, 'mcp.json'), JSON.stringify({ mcpServers: { verbatim: entry } }))
    await using program = await Program.start(home)
    const { body } = await program.request('POST', '/servers/verbatim/start?wait_s=60')
    assert.equal(body.state, 'ready', body.reason)
    let messages = 0
    let calls = 0
    for (const door of doors) {
      await figure.check(`${door.name}: what is sent comes out equal, and in order`, async () => {
        const passed = await passThrough(program, door, wanted / doors.length, seed)
        messages += passed.messages
        calls += passed.calls
      })
    }
    await figure.check(`${wanted} messages`, () => assert.ok(messages >= wanted, `${messages} messages`))
    await figure.check('every call is on record, and nothing is told to be wrong', async () => {
      const { total } = await program.get('/tasks/facets')
      assert.equal(total, calls)
      const { items } = await program.get('/tasks?status[]=running&limit=1')
      assert.deepEqual(items, [])
    })
    for (const { name, check } of offences) {
      await figure.check(name, async () => {
        using client = new TextClient(`${program.url}/mcp/s/verbatim`, program.token)
        await openDoor(client, 'legacy')
        await check(client)
      })
    }
    figure.note(`${messages} messages`)
  } finally {
    await rm(home, { recursive: true, force: true, maxRetries: 5 })
  }
  return figure
}

/** Sends exchanges until as many messages went through as wanted; resolves to their number, and that of the calls of a tool among them. */
async function passThrough(program: Program, door: Door, wanted: number, seed: number) {
  using client = new TextClient(`${program.url}${door.path}`, program.token)
  await openDoor(client, door.era)
  let messages = 0
  let calls = 0
  for (let round = 0; messages < wanted; round++) {
    const exchanges = fc.array(anyExchange, { minLength: batch, maxLength: batch })
    const property = fc.asyncProperty(exchanges, async (given) => {
      const counts = await Promise.all(given.map((exchange) => door.pass(client, exchange)))
      messages += counts.reduce((sum, count) => sum + count, 0)
      calls += given.filter(({ method }) => method === 'tools/call').length
    })
    // What fails is one exchange, whose difference says more than a smaller batch would.
    const numRuns = Math.min(20, Math.ceil((wanted - messages) / batch / 4))
    const { errorInstance } = await fc.check(property, { numRuns, seed: seed + round, endOnFailure: true })
    if (errorInstance !== null) throw errorInstance
  }
  return { messages, calls }
}
