import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { makeCertificate } from '../../engine/links/test-certificate.ts'
import type { Json } from '../program.ts'
import { type Bench, http, stdio } from './bench.ts'
import type { Catalogue } from './fault.ts'
import { signsInAndStaysSo } from './signed-in.ts'
import { equalRequestIds } from './through-gateway.ts'

const still = { tool: 'calls', status: 'completed' } as const

async function requests(bench: Bench, method: string): Promise<number> {
  return (await bench.noted('http')).filter((line) => line.startsWith(method)).length
}

/** Tries another entry on the same server. */
async function starts(bench: Bench, entry: Json): Promise<void> {
  await bench.ask('stop')
  await bench.becomes({ state: 'stopped' })
  await bench.configure(entry)
  await bench.ask('start')
}

/** What a person is told of others who may call the server; null where that is nothing. */
function exposure({ engine, id }: Bench): string | null {
  const items = engine.snapshot.attention.filter(({ server, code }) => server === id && code === 'server_exposed')
  return items[0]?.message ?? null
}

async function exposureOfDoctor({ engine, id }: Bench): Promise<[status: string, code: string | null]> {
  const { status, body } = await engine.request('POST', '/doctor', { server: id })
  assert.equal(status, 200, JSON.stringify(body))
  const found = body.checks.find(({ check }: Json) => check === 'exposure')
  return [found.status, found.code]
}

/** Remote servers that go wrong below the protocol. */
export const remote: Catalogue = {
  section: 'F',
  faults: [
    {
      row: 83,
      title: 'slow-loris headers, one byte at a time',
      transport: 'http',
      server: http('bad-http', 'tools'),
      calls: [
        { tool: 'no_headers', timeoutMs: 300, status: 'timed_out', afterMs: 300 },
        { tool: 'dribble', timeoutMs: 300, status: 'timed_out', afterMs: 300 },
        still,
      ],
      async script(bench) {
        const entry = await http('bad-http', 'slow')(bench)
        await starts(bench, { ...entry, signalbox: { era: 'legacy', start_timeout_ms: 500 } })
        await bench.becomes({ state: 'failed', code: 'handshake_timeout', message: /for 500 ms/, afterMs: 500 })
        await bench.sees(
          'closed sockets',
          async () => (await requests(bench, 'closed')) >= (await requests(bench, 'POST')),
        )
      },
    },
    {
      row: 84,
      title: 'SSE that never ends, no events',
      transport: 'http',
      server: http('bad-http', 'tools'),
      async script(bench) {
        const calls = await Promise.all(Array.from({ length: 20 }, () => bench.call('silent_stream', {}, 500)))
        for (const call of calls) bench.holds(await bench.ended(call, 500), { tool: 'silent', status: 'timed_out' })
        await bench.answers(still)
      },
    },
    {
      row: 85,
      title: 'SSE with a huge event, bad data, CR only, missing blank line',
      transport: 'http',
      server: http('bad-http', 'tools'),
      calls: [
        {
          tool: 'sse_huge',
          timeoutMs: 20_000,
          status: 'failed',
          code: 'invalid_answer',
          message: /over the limit of 10/,
        },
        { tool: 'sse_bad_data', status: 'failed', code: 'invalid_answer', message: /cut off/, raw: /"jsonrpc"/ },
        { tool: 'sse_returns', status: 'completed', result: /by returns alone/ },
        { tool: 'sse_unended', status: 'failed', code: 'connection_lost', message: /without an answer/ },
        still,
      ],
    },
    {
      row: 86,
      title: 'redirect to http, other host, loopback',
      transport: 'http',
      async script(bench) {
        const seen: string[] = []
        const elsewhere = createServer((request, response) => {
          seen.push(request.headers.authorization ?? 'no token')
          response.end()
        })
        await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve))
        const { port } = elsewhere.address() as { port: number }
        const entry = await http('bad-http', 'redirect', `http://127.0.0.1:${port}/other`)(bench)
        await bench.configure({ ...entry, headers: { Authorization: 'Bearer of-the-first' } })
        await bench.ask('start')
        const message = new RegExp(`${entry.url} redirects to http://127.0.0.1:${port}/other`)
        await bench.becomes({ state: 'failed', code: 'redirect_refused', message })
        elsewhere.close()
        assert.deepEqual(seen, [], 'no token leaves')
      },
    },
    {
      row: 87,
      title: '401, 403, insufficient scope, a renewal for many callers and one that is refused',
      transport: 'http',
      server: async (bench) => ({ type: 'http', url: `${await bench.listen('http-refuses')}/401` }),
      start: { state: 'needs_sign_in', code: 'needs_sign_in', message: /asks for a sign-in/ },
      async script(bench) {
        await starts(bench, await http('bad-http', 'forbidden')(bench))
        await bench.becomes({ state: 'needs_sign_in', code: 'needs_sign_in', message: /lacks the scope files:write/ })
        await signsInAndStaysSo(bench)
      },
    },
    {
      row: 88,
      title: 'session lost: 404, or 400 with a session complaint',
      transport: 'http',
      async script(bench) {
        for (const status of ['404', '400']) {
          const entry = await http('http-echo', '--status', status)(bench)
          if (bench.engine.server(bench.id) === null) await bench.configure(entry)
          else await starts(bench, entry)
          await bench.ask('start')
          await bench.becomes({ state: 'ready' })
          await bench.answers({ tool: 'forget_sessions', status: 'completed' })
          await bench.answers({ tool: 'echo', args: { text: '1' }, status: 'failed', code: 'session_lost' })
          await bench.answers({ tool: 'echo', args: { text: '2' }, status: 'completed' })
          await bench.answers({ tool: 'calls', status: 'completed', result: /"3"/ })
        }
      },
    },
    {
      row: 89,
      title: '429 and 503 with Retry-After',
      transport: 'http',
      server: http('bad-http', 'tools'),
      calls: [{ tool: 'too_many', status: 'failed', message: /asks to wait for 30 s \(HTTP 429\)/, raw: /slow down/ }],
      async script(bench) {
        const sent = await requests(bench, 'POST')
        const calls = await Promise.all(Array.from({ length: 20 }, () => bench.call('calls', {}, 5000)))
        const message = /left in peace for \d+ s more; nothing was sent/
        for (const call of calls) {
          bench.holds(await bench.ended(call), { tool: 'calls', status: 'failed', code: 'asked_to_wait', message })
        }
        assert.equal(await requests(bench, 'POST'), sent, 'nothing is sent during the pause')
        const busy = await http('bad-http', 'busy')(bench)
        await starts(bench, { ...busy, signalbox: { ...busy.signalbox, restart: true } })
        await bench.becomes({ state: 'backing_off', message: /asks to wait for 30 s \(HTTP 503\)/ })
        const { until } = bench.server.detail as { until: string }
        const since = Date.parse(bench.server.since as string)
        assert.ok(Date.parse(until) - since > 29_000, 'the countdown is what the server asked for')
      },
    },
    {
      row: 90,
      title: '200 with HTML, wrong content type, gzip bomb',
      transport: 'http',
      server: http('bad-http', 'html'),
      start: { state: 'failed', code: 'not_mcp', message: /an HTML page/ },
      async script(bench) {
        await starts(bench, await http('bad-http', 'tools')(bench))
        await bench.becomes({ state: 'ready' })
        await bench.answers({ tool: 'gzip_bomb', status: 'failed', code: 'invalid_answer' })
        await bench.answers(still)
      },
      growsMb: 150,
    },
    {
      row: 91,
      title: 'TLS expired, not yet valid, self-signed, of an unknown authority, for another host',
      transport: 'http',
      needs: 'openssl',
      async script(bench) {
        const names = 'IP:127.0.0.1'
        for (const [wish, message] of [
          [{ names }, /it is self-signed/],
          [{ names, byAuthority: true }, /the authority that signed it is not known here/],
          [{ names: 'DNS:mcp.example' }, /it is for mcp\.example, not for 127\.0\.0\.1/],
          [{ names, from: '20200101000000Z', to: '20200102000000Z' }, /it expired on 2 January 2020/],
          [{ names, from: '20900101000000Z', to: '20900102000000Z' }, /it holds only from 1 January 2090/],
        ] as const) {
          const files = await makeCertificate(bench.folder, wish)
          const entry = await http('bad-http', 'tools', '--tls', ...files)(bench)
          if (bench.engine.server(bench.id) === null) await bench.configure(entry)
          else await starts(bench, entry)
          await bench.ask('start')
          await bench.becomes({ state: 'failed', code: 'certificate_refused', message })
          const { hint } = bench.server.last_error as { hint: string }
          assert.match(hint, 'from' in wish ? /The clock of this machine says/ : /NODE_EXTRA_CA_CERTS|Correct `url`/)
        }
        assert.deepEqual(await bench.noted('http'), [], 'nothing was sent')
      },
    },
    {
      row: 92,
      title: 'connection reset mid-stream',
      transport: 'http',
      server: http('bad-http', 'tools'),
      async script(bench) {
        const task = await bench.answers({ tool: 'reset', status: 'failed', code: 'connection_lost' })
        assert.match(task.error.hint, /may have run/)
        await bench.answers({ ...still, result: /"2"/ })
      },
    },
    {
      row: 93,
      title: 'upstream listens on all interfaces without auth',
      transport: 'http',
      needs: 'linux',
      async script(bench) {
        const entry = await http('listens-everywhere')(bench)
        await bench.configure(entry)
        await bench.ask('start')
        const place = `0.0.0.0:${new URL(entry.url).port}`
        await bench.sees('a warning with its address', () => exposure(bench)?.includes(` ${place} `) ?? false)
        assert.deepEqual(await exposureOfDoctor(bench), ['warning', 'server_exposed'])
        await bench.logs('listens on 0.0.0.0')
        // Neither one that asks who calls nor one that nobody else reaches is warned of.
        for (const [args, entry] of [
          [['--token', 'let-me-in'], { headers: { Authorization: 'Bearer let-me-in' } }],
          [['--host', '127.0.0.1'], {}],
        ] as const) {
          await starts(bench, { ...(await http('listens-everywhere', ...args)(bench)), ...entry })
          await bench.becomes({ state: 'ready' })
          assert.deepEqual(await exposureOfDoctor(bench), ['ok', null])
          assert.equal(exposure(bench), null)
        }
        // The same of what a server on stdio opens beside it.
        await starts(bench, stdio('listens-everywhere', '--stdio')())
        await bench.becomes({ state: 'ready' })
        await bench.sees('a warning with its address', () => / 0\.0\.0\.0:\d+ /.test(exposure(bench) ?? ''))
      },
    },
    {
      row: 94,
      title: 'two clients, equal request ids',
      transport: 'stdio',
      server: stdio('echo'),
      script: equalRequestIds,
    },
  ],
}
