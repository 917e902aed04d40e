// Answers `initialize` with a protocol version that nobody knows.
import { serve } from './raw-server.mjs'

serve({
  name: 'wrong-version',
  on: {
    initialize: () => ({ protocolVersion: '1999-01-01', capabilities: {}, serverInfo: { name: 'old', version: '0' } }),
  },
})
