import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { Json } from '../program.ts'
import { stdio } from './bench.ts'
import type { Catalogue } from './fault.ts'
import { namesCollide } from './through-gateway.ts'

const completed = (tool: string) => ({ tool, status: 'completed', result: new RegExp(tool) }) as const

const done = (tool: string) => ({ tool, status: 'completed', result: /done/ }) as const

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
        await bench.ask('start')
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
      server: stdio('bad-lists', 'words'),
      async script(bench) {
        await bench.answers(completed('loud'))
        // The last character of a million: what was agreed to is the whole text.
        await bench.answers(completed('reword'))
        await bench.sees('the reworded tool is held', () => bench.server.held_tools.includes('loud'))
        await bench.answers({ tool: 'loud', status: 'failed', code: 'tool_changed' })
        const { tools } = await bench.engine.get(`/servers/${bench.id}/consent`)
        const [{ name, before, after }] = tools
        assert.deepEqual([tools.length, name, before === after], [1, 'loud', false])
        assert.ok(before.length < 25_000 && after.length < 25_000, `${before.length} and ${after.length} characters`)
      },
    },
    {
      row: 62,
      title: 'tools change after approval',
      transport: 'stdio',
      server: stdio('list-changes'),
      async script(bench) {
        for (const kind of ['tools', 'words']) await bench.answers({ ...done('add'), args: { kind } })
        const held = ['added_2', 'storm']
        const holdsBoth = (): boolean => held.every((tool) => bench.server.held_tools.includes(tool))
        await bench.sees('both tools are held', holdsBoth)
        for (const tool of held) await bench.answers({ tool, status: 'failed', code: 'tool_changed' })
        const { tools } = await bench.engine.get(`/servers/${bench.id}/consent`)
        assert.deepEqual(
          tools
            .map(({ name, before, after }: Json) => [name, before !== null, after.includes('Says so no more')])
            .sort(),
          [
            ['added_2', false, false],
            ['storm', true, true],
          ],
        )
        // A start agrees to what it launches, and not to other tools.
        const { body } = await bench.engine.request('POST', `/servers/${bench.id}/restart?wait_s=60`)
        assert.equal(body.state, 'ready', body.reason)
        await bench.answers({ ...done('add'), args: { kind: 'words' } })
        await bench.sees('the old agreement does not count', () => bench.server.held_tools.includes('storm'))
        const { status } = await bench.engine.request('POST', `/servers/${bench.id}/approve`, {})
        assert.equal(status, 202)
        await bench.sees('what was approved is served', () => bench.server.held_tools.length === 0)
        await bench.answers({ ...done('added_2'), tool: 'storm' })
      },
    },
    {
      row: 63,
      title: 'name collision across servers',
      transport: 'stdio',
      server: stdio('echo'),
      script: namesCollide,
    },
  ],
}
