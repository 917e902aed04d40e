import assert from 'node:assert/strict'
import { stdio } from './bench.ts'
import type { Catalogue } from './fault.ts'

const good = { status: 'completed', result: /good/ } as const
const invalid = { status: 'failed', code: 'invalid_answer' } as const
/** Lists are asked for anew at most this often. */
const relistMs = 2000

/** Messages that are JSON and break the protocol. */
export const protocol: Catalogue = {
  section: 'C',
  faults: [
    {
      row: 39,
      title: 'jsonrpc 1.0 or missing',
      transport: 'stdio',
      server: stdio('bad-answer'),
      calls: [
        { tool: 'old_version', ...invalid, message: /not JSON-RPC 2\.0/, raw: /"jsonrpc":"1\.0"/ },
        { tool: 'no_version', ...invalid, message: /not JSON-RPC 2\.0/, raw: /"result"/ },
      ],
    },
    {
      row: 40,
      title: 'result null to initialize',
      transport: 'stdio',
      server: stdio('bad-start', 'null_answer'),
      start: { state: 'failed', code: 'handshake_refused', message: /invalid answer to initialize/ },
    },
    {
      row: 41,
      title: 'both result and error',
      transport: 'stdio',
      server: stdio('bad-answer'),
      calls: [{ tool: 'both', ...invalid, message: /both a result and an error/, raw: /"result".*"error"/ }],
    },
    {
      row: 42,
      title: 'id as string for our number',
      transport: 'stdio',
      server: stdio('bad-answer'),
      calls: [{ tool: 'id_as_text', ...good }],
      script: (bench) => bench.becomes({ state: 'degraded', code: 'id_as_text', message: /as strings/ }),
    },
    {
      row: 43,
      title: 'duplicate response',
      transport: 'stdio',
      server: stdio('bad-answer'),
      calls: [{ tool: 'twice', ...good }],
      script: (bench) => bench.becomes({ state: 'degraded', code: 'duplicate_answer', message: /first answer stands/ }),
    },
    {
      row: 44,
      title: 'response to unknown id',
      transport: 'stdio',
      server: stdio('bad-answer'),
      calls: [{ tool: 'unknown_id', ...good }],
      script: (bench) => bench.becomes({ state: 'degraded', code: 'unknown_answer', message: /987654/ }),
    },
    {
      row: 45,
      title: 'response after timeout or cancel',
      transport: 'stdio',
      server: stdio('bad-protocol'),
      async script(bench) {
        const timedOut = await bench.call('late', { after_ms: 700 }, 200)
        const cancelled = await bench.call('late', { after_ms: 700 })
        await bench.sees('the call', async () => (await bench.events(cancelled, 'sent')).length === 1)
        await bench.engine.request('DELETE', `/tasks/${cancelled}`)
        for (const [call, status] of [
          [timedOut, 'timed_out'],
          [cancelled, 'cancelled'],
        ] as const) {
          bench.holds(await bench.ended(call, 200), { tool: 'late', status })
          await bench.sees('the late answer', async () => (await bench.events(call, 'late_answer')).length === 1, 700)
          const [event] = await bench.events(call, 'late_answer')
          assert.ok(event!.data.after_ms > 0)
          bench.holds(await bench.engine.get(`/tasks/${call}`), { tool: 'late', status })
        }
      },
    },
    {
      row: 46,
      title: 'progress after completion, unknown token',
      transport: 'stdio',
      server: stdio('bad-protocol'),
      calls: [
        { tool: 'progress_after_end', status: 'completed' },
        { tool: 'progress_of_nobody', status: 'completed' },
        { tool: 'lists', status: 'completed' },
      ],
      async script(bench) {
        assert.deepEqual([bench.server.state, bench.server.last_error], ['ready', null])
        await bench.logs('Progress came for no call that runs, 1 so far')
      },
    },
    {
      row: 47,
      title: '100,000 progress messages',
      transport: 'stdio',
      server: stdio('bad-protocol'),
      async script(bench) {
        const count = 100_000
        const call = await bench.call('progress_storm', { count }, 30_000)
        const task = await bench.ended(call, 10_000)
        bench.holds(task, { tool: 'progress_storm', status: 'completed' })
        assert.equal(task.progress.progress, count)
        const events = await bench.events(call, 'progress')
        const told = events.reduce((sum, { data }) => sum + 1 + data.skipped, 0)
        assert.equal(told, count, 'the true number is on record')
        assert.ok(events.length <= 20 * (task.duration_ms / 1000) + 2, `${events.length} in ${task.duration_ms} ms`)
      },
    },
    {
      row: 48,
      title: 'list_changed every 10 ms, or 20,000 at once',
      transport: 'stdio',
      server: stdio('bad-protocol'),
      async script(bench) {
        const since = performance.now()
        await bench.answers({ tool: 'list_storm', status: 'completed' })
        await bench.answers({ tool: 'changes_for_ever', status: 'completed' })
        await bench.becomes({
          state: 'degraded',
          code: 'list_storm',
          message: /list of tools constantly/,
          afterMs: 2000,
        })
        const { result } = await bench.answers({ tool: 'lists', status: 'completed' })
        const most = 3 + (performance.now() - since) / relistMs
        assert.ok(Number(result.content[0].text) <= most, `${result.content[0].text} lists, at most ${most}`)
      },
    },
    {
      row: 49,
      title: 'sampling, elicitation, roots though not offered',
      transport: 'stdio',
      server: stdio('asks-back'),
      calls: [{ tool: 'ask', status: 'completed', result: /roots\/list.*-32601.*sampling\/createMessage.*-32601/ }],
      script: (bench) => bench.logs('asked for roots/list'),
    },
    {
      row: 50,
      title: 'unknown notification or method',
      transport: 'stdio',
      server: stdio('bad-protocol'),
      calls: [{ tool: 'odd_messages', status: 'completed' }],
      async script(bench) {
        await bench.logs('notifications/never_heard_of')
        await bench.logs('never/heard/of')
        await bench.answers({ tool: 'lists', status: 'completed' })
      },
    },
    {
      row: 51,
      title: 'notification with an id, request without',
      transport: 'stdio',
      server: stdio('bad-protocol'),
      calls: [{ tool: 'odd_messages', status: 'completed' }],
      async script(bench) {
        await bench.logs('sampling/createMessage')
        await bench.sees('two refusals', async () => {
          const { result } = await bench.answers({ tool: 'replies', status: 'completed' })
          return result.content[0].text === '2'
        })
      },
    },
    {
      row: 52,
      title: 'JSON-RPC batch',
      transport: 'stdio',
      server: stdio('bad-answer'),
      calls: [{ tool: 'batch', ...invalid, message: /revision 2025-03-26/, raw: /^\[\{"jsonrpc"/ }],
    },
    {
      row: 53,
      title: '__proto__ in result',
      transport: 'stdio',
      server: stdio('bad-answer'),
      async script(bench) {
        const { result } = await bench.answers({ tool: 'proto', status: 'completed' })
        assert.deepEqual(Object.keys(result), ['content'])
        await bench.becomes({ state: 'degraded', code: 'proto_stripped', message: /__proto__/ })
      },
    },
    {
      row: 54,
      title: 'different capability after restart',
      transport: 'stdio',
      server: stdio('bad-protocol', '--changes'),
      async script(bench) {
        await bench.ask('restart')
        await bench.logs('added of_start_2; gone: of_start_1')
        await bench.becomes({ state: ['ready', 'needs_consent'] })
        const names = (await bench.tools()).map(({ name }) => name)
        assert.ok(names.includes('of_start_2') && !names.includes('of_start_1'), `${names}`)
      },
    },
  ],
}
