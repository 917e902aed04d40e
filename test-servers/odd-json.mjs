// Answers with JSON as no serialiser here writes it: `exact` with odd numbers, order and fields, others with what may not be handed on.
import { createInterface } from 'node:readline'

const results = {
  exact:
    '{"content":[{"type":"hologram","depth":1.50}],"2":1,"1":10000000000000000000001,"structuredContent":{"e":1e2,"_":null},"x-new":[ 1.0 ]}',
  twice: '{"content":[],"a":{"b":1,"\\u0062":2}}',
  proto: '{"content":[],"a":{"__proto__":{"isAdmin":true}}}',
  deep: `{"content":[],"a":${'['.repeat(300)}${']'.repeat(300)}}`,
}

const plain = Object.keys({ ...results, params: 0 }).map((name) => ({ name, inputSchema: { type: 'object' } }))
const spelt =
  '{"name":"spelt","inputSchema":{"type":"object","properties":{"n":{"maximum":10000000000000000000001,"default":1.0}}},"x-new":1e2}'
const twice = '{"name":"repeats","inputSchema":{"type":"object"},"x-new":1.0,"x-new":2.0}'
const tools = `[${[...plain.map((tool) => JSON.stringify(tool)), spelt, twice].join()}]`

createInterface({ input: process.stdin })
  .on('line', (line) => {
    const { id, method, params } = JSON.parse(line)
    const reply = (result) => process.stdout.write(`{"jsonrpc":"2.0","id":${id},"result":${result}}\n`)
    if (method === 'initialize') {
      const { protocolVersion } = params
      reply(JSON.stringify({ protocolVersion, capabilities: { tools: {} }, serverInfo: { name: 'odd', version: '1' } }))
    } else if (method === 'tools/list') reply(`{"tools":${tools}}`)
    // What came in, to the letter.
    else if (params?.name === 'params') reply(JSON.stringify({ content: [{ type: 'text', text: line }] }))
    else if (method === 'tools/call') reply(results[params.name])
    else if (method === 'ping') reply('{}')
    else if (id !== undefined) {
      process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', id, error: { code: -32601, message: 'no' } })}\n`)
    }
  })
  .on('close', () => process.exit(0))
