// Modern by hand: `ask` answers `input_required`; every request must carry its envelope, or is refused.
import { refuse, serve, tool } from './raw-server.mjs'

const version = '2026-07-28'

const enveloped = (answer) => (params) => {
  const meta = params._meta ?? {}
  const isWhole = 'io.modelcontextprotocol/clientInfo' in meta && 'io.modelcontextprotocol/clientCapabilities' in meta
  if (meta['io.modelcontextprotocol/protocolVersion'] !== version || !isWhole) refuse(-32602, 'No envelope')
  return answer(params)
}

serve({
  name: 'modern-asks',
  on: {
    initialize: () => refuse(-32601, 'Method not found: initialize'),
    'server/discover': enveloped(() => ({
      resultType: 'complete',
      supportedVersions: [version],
      capabilities: { tools: {} },
      ttlMs: 0,
      cacheScope: 'private',
    })),
    'tools/list': enveloped(() => ({ resultType: 'complete', tools: [tool('ask', 'Asks for roots')] })),
    'tools/call': enveloped(() => ({
      resultType: 'input_required',
      inputRequests: { name: { method: 'roots/list' } },
      requestState: 'opaque',
    })),
  },
})
