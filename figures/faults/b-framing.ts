import assert from 'node:assert/strict'
import { stdio, tuned } from './bench.ts'
import type { Catalogue } from './fault.ts'

const good = { status: 'completed', result: /good/ } as const

/** What a server may print instead of one message a line. */
export const framing: Catalogue = {
  section: 'B',
  faults: [
    {
      row: 21,
      title: 'banner text on stdout',
      transport: 'stdio',
      server: stdio('noisy-stdout'),
      calls: [{ tool: 'talk', status: 'completed', result: /done/ }],
      async script(bench) {
        assert.ok(bench.server.noise >= 2, `noise is ${bench.server.noise}`)
        await bench.logs('Welcome to the noisy server')
      },
    },
    {
      row: 22,
      title: '5,000 text lines mid-call',
      transport: 'stdio',
      server: stdio('bad-bytes'),
      calls: [{ tool: 'chatter', args: { lines: 5000 }, status: 'completed', result: /done/ }],
      async script(bench) {
        await bench.sees('5,000 lines of noise', () => bench.server.noise === 5000)
        await bench.logs('Working on item 5000')
      },
    },
    {
      row: 23,
      title: 'partial line without newline before JSON',
      transport: 'stdio',
      server: stdio('partial-line'),
      calls: [{ tool: 'echo', status: 'completed', result: /still here/ }],
      script: (bench) => bench.logs('Loading... 100%'),
    },
    {
      row: 24,
      title: 'reply without newline, stays open',
      transport: 'stdio',
      server: stdio('bad-bytes'),
      calls: [
        // Waits a moment for the end that does not come, and then takes what is a whole message.
        { tool: 'no_line_end', status: 'completed', result: /whole, but for its end/, afterMs: 200 },
        {
          tool: 'cut_off',
          timeoutMs: 600,
          status: 'timed_out',
          code: 'timed_out',
          message: /incomplete message \(\d+ bytes\)/,
          raw: /the rest of t$/,
          afterMs: 600,
        },
      ],
      script: (bench) => bench.becomes({ state: 'degraded', code: 'incomplete_message', message: /\d+ bytes/ }),
    },
    {
      row: 25,
      title: 'pretty-printed JSON',
      transport: 'stdio',
      server: stdio('bad-answer'),
      calls: [{ tool: 'pretty', ...good }],
      script: (bench) => bench.becomes({ state: 'degraded', code: 'spread_over_lines', message: /over \d+ lines/ }),
    },
    {
      row: 26,
      title: 'BOM',
      transport: 'stdio',
      server: stdio('partial-line'),
      calls: [{ tool: 'echo', status: 'completed' }],
      async script(bench) {
        assert.deepEqual(await bench.lines('\ufeff'), [], 'the mark is no line of the log')
      },
    },
    {
      row: 27,
      title: 'CRLF',
      transport: 'stdio',
      server: stdio('bad-bytes'),
      calls: [{ tool: 'crlf', status: 'completed', result: /"grüße 🦆 – ende"/ }],
    },
    {
      row: 28,
      title: 'one byte per write, 4-byte character split',
      transport: 'stdio',
      server: stdio('bad-bytes'),
      calls: [{ tool: 'byte_by_byte', status: 'completed', result: /"grüße 🦆 – ende"/ }],
    },
    {
      row: 29,
      title: 'invalid UTF-8',
      transport: 'stdio',
      server: stdio('bad-bytes'),
      calls: [{ tool: 'invalid_utf8', status: 'completed', result: /here\ufffd/ }],
      async script(bench) {
        await bench.becomes({ state: 'degraded', code: 'invalid_utf8', message: /not UTF-8/ })
        await bench.logs('68 65 72 65 ff fe c3')
      },
    },
    {
      row: 30,
      title: '9 MB line',
      transport: 'stdio',
      server: stdio('bad-bytes'),
      async script(bench) {
        const { result } = await bench.answers({ tool: 'big', args: { bytes: 9_000_000 }, status: 'completed' })
        assert.equal(result.content[0].text.length, 9_000_000)
      },
    },
    {
      row: 31,
      title: '10+ MB line',
      transport: 'stdio',
      server: stdio('bad-bytes'),
      async script(bench) {
        const huge = await bench.call('huge', { bytes: 100_000_000 })
        bench.holds(await bench.ended(huge), {
          tool: 'huge',
          status: 'failed',
          code: 'invalid_answer',
          message: /over the limit/,
          raw: /"jsonrpc":"2.0","id":\d+,"result"/,
        })
        await bench.answers({ tool: 'crlf', status: 'completed', afterMs: 4000 })
      },
    },
    {
      row: 32,
      title: 'endless line',
      transport: 'stdio',
      server: tuned({ max_message_bytes: 1_000_000 }, 'bad-bytes'),
      calls: [
        { tool: 'endless', status: 'failed', code: 'invalid_answer', message: /over the limit/, raw: /"jsonrpc"/ },
      ],
      async script(bench) {
        await bench.becomes({ state: 'failed', code: 'endless_message', message: /does not end/ })
        assert.ok(bench.engine.states(bench.id).includes('degraded'), 'it was degraded first')
      },
      growsMb: 200,
    },
    {
      row: 33,
      title: '50 MB stderr',
      transport: 'stdio',
      server: stdio('bad-bytes'),
      async script(bench) {
        const flood = await bench.call('stderr_flood', { bytes: 50_000_000 }, 20_000)
        await bench.answers({ tool: 'crlf', status: 'completed', afterMs: 2000 })
        bench.holds(await bench.ended(flood, 15_000), { tool: 'stderr_flood', status: 'completed' })
        // What was read is on its way into the store for a while after the call has ended.
        const isAccountedFor = async (): Promise<boolean> => {
          const { body } = await bench.engine.request('GET', '/logs/overview')
          const kept = body.servers.find((row: { server: string }) => row.server === bench.id)?.lines ?? 0
          return kept >= 515_000 || (await bench.lines('dropped', 1)).length > 0
        }
        await bench.sees('every line kept, or a line that says how many were dropped', isAccountedFor, 15_000)
      },
    },
    {
      row: 34,
      title: 'stderr full before init',
      transport: 'stdio',
      server: stdio('bad-bytes', '--stderr-first'),
      calls: [{ tool: 'crlf', status: 'completed' }],
    },
    {
      row: 35,
      title: 'binary, NUL and ANSI on stderr',
      transport: 'stdio',
      server: stdio('bad-bytes'),
      calls: [{ tool: 'stderr_binary', status: 'completed' }],
      async script(bench) {
        await bench.logs('bin')
        const [line] = await bench.lines('bin')
        assert.equal(line?.text, 'bin\u0000\u001b[31m\u0007\ufffd')
      },
    },
    {
      row: 36,
      title: '200,000-deep JSON',
      transport: 'stdio',
      server: stdio('bad-answer'),
      calls: [
        { tool: 'deep', status: 'failed', code: 'invalid_answer', message: /nested deeper/, raw: /\[{1000}/ },
        { tool: 'id_as_text', ...good },
      ],
    },
    {
      row: 37,
      title: 'NaN and Infinity',
      transport: 'stdio',
      server: stdio('bad-answer'),
      calls: [
        { tool: 'not_a_number', status: 'failed', code: 'invalid_answer', message: /not valid JSON/, raw: /NaN/ },
        {
          tool: 'no_id_not_json',
          status: 'failed',
          code: 'invalid_answer',
          message: /not valid JSON/,
          raw: /Infinity/,
        },
      ],
    },
    {
      row: 38,
      title: 'duplicate id key',
      transport: 'stdio',
      server: stdio('bad-answer'),
      calls: [
        {
          tool: 'duplicate_id',
          status: 'failed',
          code: 'invalid_answer',
          message: /"id" in it twice/,
          raw: /"id":\d+,"id"/,
        },
      ],
    },
  ],
}
