// Answers both handshakes and then lists in one era only: the file that its argument names says in which (`legacy`,
// `modern`, or `neither`), read at the start like a new version of a package. Each handshake is noted in FAULT_FOLDER.
import { appendFileSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { refuse, serve, text, tool } from './raw-server.mjs'

const answered = readFileSync(process.argv[2], 'utf8').trim()
const listed = { tools: [tool('echo', 'Answers')] }

function inItsEra({ _meta }, result) {
  const era = _meta?.['io.modelcontextprotocol/protocolVersion'] === undefined ? 'legacy' : 'modern'
  if (era === answered) return era === 'modern' ? { resultType: 'complete', ...result } : result
  return era === 'modern' ? refuse(-32601, 'Send initialize first') : refuse(-32022, 'Send the envelope of 2026-07-28')
}

const note = (handshake) => appendFileSync(join(process.env.FAULT_FOLDER, 'handshakes'), `${handshake}\n`)

serve({
  name: 'both-eras',
  on: {
    'server/discover': () => {
      note('discover')
      return { resultType: 'complete', supportedVersions: ['2026-07-28'], capabilities: { tools: {} } }
    },
    initialize: ({ protocolVersion }) => {
      note('initialize')
      return { protocolVersion, capabilities: { tools: {} }, serverInfo: { name: 'both-eras', version: '1.0.0' } }
    },
    'tools/list': (params) => inItsEra(params, listed),
    'tools/call': (params) => inItsEra(params, text('here')),
  },
})
