// What the raw servers share: JSON-RPC over stdio by hand, so that each of them can break one rule of it.
import { createInterface } from 'node:readline'

const versions = ['2025-11-25', '2025-06-18', '2025-03-26', '2024-11-05']

export const text = (value) => ({ content: [{ type: 'text', text: String(value) }] })

export const tool = (name, description, properties = {}, required = []) => ({
  name,
  description,
  inputSchema: { type: 'object', properties, required },
})

export const write = (message) => void process.stdout.write(`${JSON.stringify(message)}\n`)

export const notify = (method, params) => write({ jsonrpc: '2.0', method, ...(params && { params }) })

export const refuse = (code, message) => {
  throw Object.assign(new Error(message), { code })
}

/**
 * Serves `tools` with `call(name, args, request)`; `on` replaces or adds methods. A handler's value is the result;
 * `undefined` means that nothing is answered here. What it throws with a `code` is a JSON-RPC error.
 */
export function serve({
  name = 'raw',
  tools = [],
  capabilities = { tools: {} },
  call = refuseCall,
  on = {},
  eof = exit,
}) {
  const handlers = {
    initialize: ({ protocolVersion }) => ({
      protocolVersion: versions.includes(protocolVersion) ? protocolVersion : versions[0],
      capabilities,
      serverInfo: { name, version: '1.0.0' },
    }),
    ping: () => ({}),
    'tools/list': () => ({ tools }),
    'tools/call': (params, request) => call(params.name, params.arguments ?? {}, request),
    ...on,
  }
  const lines = createInterface({ input: process.stdin })
  lines.on('line', (line) => {
    if (line.trim() !== '') void answer(handlers, JSON.parse(line))
  })
  lines.on('close', eof)
}

async function answer(handlers, request) {
  const { id, method, params = {} } = request
  const handler = handlers[method]
  try {
    if (handler === undefined) {
      if (id === undefined || method === undefined) return
      refuse(-32601, `Method not found: ${method}`)
    }
    const result = await handler(params, request)
    if (id !== undefined && result !== undefined) write({ jsonrpc: '2.0', id, result })
  } catch (error) {
    if (id !== undefined) write({ jsonrpc: '2.0', id, error: { code: error.code ?? -32603, message: error.message } })
  }
}

function refuseCall(name) {
  refuse(-32602, `Unknown tool: ${name}`)
}

function exit() {
  process.exit(0)
}
