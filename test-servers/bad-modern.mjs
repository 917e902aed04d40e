// 2026-07-28 alone, by hand: one tool for each thing that a modern server may get wrong. `--ttl N` says so of its list.
import { serve, text, tool, write } from './raw-server.mjs'

const ttlMs = Number(process.argv[3] ?? 0)
const complete = (value) => ({ resultType: 'complete', ...value })
const waiting = new Map()
let rounds = 0

const question = {
  method: 'elicitation/create',
  params: { mode: 'form', message: 'Once more?', requestedSchema: { type: 'object', properties: {} } },
}

serve({
  name: 'bad-modern',
  on: {
    initialize: () => {
      throw Object.assign(new Error('Method not found: initialize'), { code: -32601 })
    },
    'server/discover': () =>
      complete({
        supportedVersions: ['2026-07-28'],
        capabilities: { tools: {} },
        ttlMs,
        cacheScope: 'private',
      }),
    'tools/list': () =>
      complete({
        tools: [
          tool('no_type', 'Answers without resultType'),
          tool('asks_for_ever', 'Answers input_required each time'),
          tool('asks_back', 'Sends a request of its own, as only older revisions may; tells what it was answered'),
          tool('plain', 'Answers'),
          tool('large_state', 'Answers input_required with a state of a megabyte'),
        ],
        ttlMs,
        cacheScope: 'public',
      }),
    'tools/call': ({ name }) => {
      switch (name) {
        case 'no_type':
          return text('no type')
        case 'asks_for_ever':
          return { resultType: 'input_required', inputRequests: { [`q${++rounds}`]: question }, requestState: 'again' }
        case 'large_state':
          return { resultType: 'input_required', inputRequests: { q: question }, requestState: 'x'.repeat(1_000_000) }
        case 'asks_back':
          write({ jsonrpc: '2.0', id: 'back', method: 'roots/list', params: {} })
          return new Promise((resolve) => waiting.set('back', resolve))
        default:
          return complete(text('plain'))
      }
    },
    // An answer has no method.
    [undefined]: (_params, { id, error }) => {
      waiting.get(id)?.(complete(text(error === undefined ? 'a result' : `error ${error.code}`)))
    },
  },
})
