import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { stdio, tuned } from './bench.ts'
import type { Catalogue } from './fault.ts'
import { callThrough, gatewayTools, noteCalls } from './through-gateway.ts'

const completed = (tool: string) => ({ tool, status: 'completed', result: new RegExp(tool) }) as const

/** Lists and schemas that a server can make hard to take. */
export const lists: Catalogue = {
  section: 'D',
  faults: [
    {
      row: 55,
      title: 'same cursor for ever',
      transport: 'stdio',
      server: stdio('endless-list'),
      async script(bench) {
        await bench.logs('The list of tools does not end: 2 pages kept')
        await bench.configure(stdio('endless-list', '--new-cursors')())
        await bench.logs('The list of tools does not end: 1000 pages kept', 3000)
        await bench.becomes({ state: 'ready' })
        assert.equal((await bench.tools()).length, 1000)
      },
    },
    {
      row: 56,
      title: '10,000 tools',
      transport: 'stdio',
      server: stdio('bad-lists', 'many'),
      async script(bench) {
        assert.equal((await bench.tools()).length, 10_000)
        await bench.logs('10000 tools')
        await bench.answers(completed('tool_9999'))
      },
    },
    {
      row: 57,
      title: 'two tools, one name',
      transport: 'stdio',
      server: stdio('malformed-tool'),
      async script(bench) {
        const twins = (await bench.tools()).filter(({ name }) => name === 'twin')
        assert.deepEqual(
          twins.map(({ description }) => description),
          ['The first of two'],
        )
        await bench.logs('two tools named "twin"; the first is used')
      },
    },
    {
      row: 58,
      title: 'one malformed tool in the list',
      transport: 'stdio',
      server: stdio('malformed-tool'),
      calls: [completed('first'), completed('last')],
      script: (bench) => bench.logs('A malformed tool "bad_schema" was left out'),
    },
    {
      row: 59,
      title: 'invalid schema',
      transport: 'stdio',
      server: stdio('bad-lists', 'invalid'),
      calls: ['unknown_type', 'bad_pattern', 'lost_ref'].map((tool) => ({ ...completed(tool), args: { a: 'text' } })),
    },
    {
      row: 60,
      title: 'recursive $ref, remote $ref, 1 MB schema',
      transport: 'stdio',
      async script(bench) {
        let asked = 0
        const elsewhere = createServer((_request, response) => {
          asked++
          response.end('{}')
        })
        await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve))
        const { port } = elsewhere.address() as { port: number }
        await bench.configure(stdio('bad-lists', 'refs', '--ref', `http://127.0.0.1:${port}/schema.json`)())
        await bench.ask('start')
        await bench.becomes({ state: 'ready' })
        await bench.answers({ ...completed('recursive'), args: { tree: { next: { next: {} } } } })
        await bench.answers({ ...completed('remote'), args: { a: 1 } })
        await bench.answers({ ...completed('huge'), args: { field_1: 'x' } })
        elsewhere.close()
        assert.equal(asked, 0, 'nothing is fetched')
      },
    },
    {
      row: 61,
      title: '1 MB description, bidi, zero-width, ANSI',
      transport: 'stdio',
      due: 'a cut of long descriptions',
    },
    {
      row: 62,
      title: 'tools change after approval',
      transport: 'stdio',
      server: tuned({ restart: true }, 'bad-protocol', '--changes'),
      async script(bench) {
        assert.deepEqual(bench.server.held_tools, [], 'a start by hand agrees to what stands then')
        const { pid } = bench.server
        process.kill(pid!, 'SIGKILL')
        const isBack = (): boolean => bench.server.pid !== pid && bench.server.held_tools.length > 0
        await bench.sees('tools that are held back', isBack, 3000)
        const [tool] = bench.server.held_tools
        await bench.answers({ tool: tool!, status: 'failed', code: 'tool_changed' })
      },
    },
    {
      row: 63,
      title: 'name collision across servers, or with our own separator',
      transport: 'stdio',
      server: stdio('echo'),
      async script(bench) {
        const names = (await gatewayTools(bench)).filter((name) => name.endsWith('_echo'))
        assert.ok(names.length >= 2, `two servers with a tool "echo" are both served: ${names.join(', ')}`)
        assert.equal(new Set(names).size, names.length, 'no two of one name')
        for (const name of names) {
          const answer = await callThrough(bench, name, { text: name })
          assert.equal(answer.result?.content[0].text, name, JSON.stringify(answer))
        }
        await noteCalls(bench)
      },
    },
  ],
}
