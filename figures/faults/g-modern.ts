import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js'
import type { Json } from '../program.ts'
import type { Bench } from './bench.ts'
import { testServer } from './bench.ts'
import type { Catalogue } from './fault.ts'
import { gatewayTools, modernRequest, noteCalls } from './raw-gateway.ts'

const headerMismatch = -32020

/** The entry of the modern server that gets things wrong. */
function badModern(...args: string[]): () => Json {
  return () => ({ command: process.execPath, args: [testServer('bad-modern'), ...args], signalbox: { era: 'modern' } })
}

async function servedName(bench: Bench, tool: string): Promise<string> {
  const names = await gatewayTools(bench)
  const name = names.find((each) => each.startsWith(bench.id) && each.endsWith(`_${tool}`))
  assert.ok(name !== undefined, `${tool} is served among ${names.join(', ')}`)
  return name
}

async function tasksOf(bench: Bench): Promise<Json[]> {
  return (await bench.engine.get(`/tasks?agent=${bench.id}`)).items
}

/** What only 2026-07-28 makes possible. */
export const modern: Catalogue = {
  section: 'G',
  faults: [
    {
      row: 95,
      title: 'no resultType from a modern server',
      transport: 'stdio',
      server: badModern(),
      calls: [{ tool: 'no_type', status: 'completed', result: /no type/ }],
      async script(bench) {
        const params = { name: await servedName(bench, 'no_type'), arguments: {} }
        const { body } = await modernRequest(bench, { method: 'tools/call', params })
        assert.equal(body.result?.resultType, 'complete', JSON.stringify(body))
        await noteCalls(bench)
      },
    },
    {
      row: 96,
      title: 'input_required for ever',
      transport: 'stdio',
      server: badModern(),
      async script(bench) {
        const client = new Client({ name: 'patient', version: '1' }, { capabilities: { elicitation: {} } })
        let asked = 0
        client.setRequestHandler(ElicitRequestSchema, () => {
          asked++
          return { action: 'accept', content: {} }
        })
        const headers = { authorization: `Bearer ${bench.engine.token}` }
        const transport = new StreamableHTTPClientTransport(new URL(`${bench.engine.url}/mcp`), {
          requestInit: { headers },
        })
        // Its own types disagree about what may be undefined.
        await client.connect(transport as Parameters<Client['connect']>[0])
        const name = await servedName(bench, 'asks_for_ever')
        await assert.rejects(client.callTool({ name, arguments: {} }), /asked for more input \d+ times/)
        assert.ok(asked > 1 && asked <= 10, `asked ${asked} times`)
        await client.close()
        await noteCalls(bench)
        await bench.answers({ tool: 'plain', status: 'completed' })
      },
    },
    {
      row: 97,
      title: '1 MB or tampered requestState',
      transport: 'stdio',
      server: badModern(),
      async script(bench) {
        const large = await servedName(bench, 'large_state')
        const handedOut = await modernRequest(bench, {
          method: 'tools/call',
          params: { name: large, arguments: {} },
        })
        assert.match(handedOut.body.error?.message ?? '', /requestState has \d+ characters, over the limit of 65536/)
        const name = await servedName(bench, 'plain')
        const params = { name, arguments: {}, inputResponses: {}, requestState: 'x'.repeat(1_000_000) }
        const carried = await modernRequest(bench, { method: 'tools/call', params })
        assert.match(carried.body.error?.message ?? '', /requestState has \d+ characters, over the limit of 65536/)
        // What is not too large goes through as it is: only the server can tell whether it was touched.
        const { body } = await modernRequest(bench, { method: 'tools/call', params: { ...params, requestState: 'x' } })
        assert.equal(body.result?.resultType, 'complete', JSON.stringify(body))
        await noteCalls(bench)
      },
    },
    {
      row: 98,
      title: 'ttlMs 0, negative, 10^12 of a list',
      transport: 'stdio',
      async script(bench) {
        for (const ttl of ['0', '-5', '1000000000000']) {
          await bench.configure(badModern('--ttl', ttl)())
          await bench.ask('start')
          await bench.becomes({ state: 'ready' })
          const { body } = await modernRequest(bench, { method: 'tools/list' })
          const { ttlMs, cacheScope } = body.result
          assert.ok(ttlMs >= 1000 && ttlMs <= 3_600_000, `${ttl} became ${ttlMs}`)
          assert.equal(cacheScope, 'private')
        }
      },
    },
    {
      row: 99,
      title: 'header and body differ, at our gateway',
      transport: 'stdio',
      server: badModern(),
      async script(bench) {
        const name = await servedName(bench, 'plain')
        const mismatches: Record<string, string>[] = [
          { 'mcp-method': 'tools/list' },
          { 'mcp-name': 'another_tool' },
          { 'mcp-protocol-version': '2025-11-25' },
        ]
        for (const headers of mismatches) {
          const params = { name, arguments: {} }
          const { status, body } = await modernRequest(bench, { method: 'tools/call', params, headers })
          assert.deepEqual([status, body.error?.code], [400, headerMismatch], JSON.stringify(headers))
        }
        assert.deepEqual(await tasksOf(bench), [], 'nothing was forwarded')
      },
    },
    {
      row: 100,
      title: 'bad x-mcp-header: a line end, one header twice, no plain value',
      transport: 'http',
      server: async (bench) => ({
        type: 'http',
        url: `${await bench.listen('modern-http', '--bad-headers')}/mcp`,
        signalbox: { era: 'modern' },
      }),
      calls: [
        { tool: 'echo', args: { text: 'still' }, status: 'completed', result: /still/ },
        { tool: 'region', args: { place: 'Łódź' }, status: 'completed' },
      ],
      async script(bench) {
        const names = (await bench.tools()).map(({ name }) => name)
        for (const [tool, reason] of [
          ['injects', 'no name that can be sent'],
          ['twice', 'two arguments want the header'],
          ['whole', 'no plain value'],
        ] as const) {
          assert.ok(!names.includes(tool), `${tool} is left out of ${names}`)
          await bench.logs(`A tool "${tool}" was left out`)
          await bench.logs(reason)
        }
      },
    },
    {
      row: 101,
      title: 'server-initiated request in the modern era',
      transport: 'stdio',
      server: badModern(),
      calls: [
        { tool: 'asks_back', status: 'completed', result: /error -32601/ },
        { tool: 'plain', status: 'completed' },
      ],
    },
    {
      row: 102,
      title: 'subscription never acknowledged, under another id, a flood: asked by the clock instead',
      transport: 'http',
      async script(bench) {
        for (const [how, said] of [
          ['silent', 'did not acknowledge a subscription'],
          ['stray', 'tells changes under an id that is no subscription'],
          ['flood', 'changes within a second'],
        ] as const) {
          const url = `${await bench.listen('modern-http', '--subscription', how)}/mcp`
          await bench.configure({ type: 'http', url, signalbox: { era: 'modern' } })
          await bench.ask('start')
          await bench.becomes({ state: ['ready', 'degraded'] })
          await bench.logs(said, 5000)
          // Nobody is subscribed any more: only asking can bring what is new.
          const open = async () =>
            JSON.stringify((await bench.answers({ tool: 'announce', status: 'completed' })).result)
          await bench.sees('the end of the subscription', async () => (await open()).includes('"0"'))
          await bench.answers({ tool: 'grow', status: 'completed' })
          const names = async () => (await bench.tools()).map(({ name }) => name as string)
          await bench.sees('the new tool', async () => (await names()).some((name) => name.startsWith('grown')), 3000)
        }
      },
    },
    {
      row: 103,
      title: 'claims both eras, answers one',
      transport: 'stdio',
      async script(bench) {
        const file = join(bench.folder, 'era')
        const handshakesAs = async (speaks: 'legacy' | 'modern' | 'neither') => {
          await writeFile(file, speaks)
          const before = await bench.noted('handshakes')
          await bench.ask('start')
          await bench.becomes({ state: ['ready', 'degraded'] })
          if (speaks !== 'neither') await bench.answers({ tool: 'echo', status: 'completed', result: /here/ })
          await bench.ask('stop')
          await bench.becomes({ state: 'stopped' })
          return (await bench.noted('handshakes')).slice(before.length).join(' ')
        }
        await writeFile(file, 'legacy')
        await bench.configure({ command: process.execPath, args: [testServer('both-eras'), file] })
        assert.equal(await handshakesAs('legacy'), 'discover initialize')
        assert.equal(await handshakesAs('legacy'), 'initialize', 'the verdict is kept')
        assert.equal(await handshakesAs('modern'), 'initialize discover', 'and given up where it does not hold')
        assert.equal(await handshakesAs('neither'), 'discover initialize discover')
        assert.equal(await handshakesAs('neither'), 'discover', 'asked in the other era once')
      },
    },
  ],
}
