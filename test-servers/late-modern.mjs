// Modern, and slow to come up: the first `server/discover` is answered late, and `initialize` is refused for its era.
import { setTimeout as delay } from 'node:timers/promises'
import { refuse, serve, text, tool } from './raw-server.mjs'

let isUp = false

serve({
  name: 'late-modern',
  tools: [tool('echo', 'Answers')],
  call: () => text('here'),
  on: {
    async 'server/discover'() {
      if (!isUp) await delay(500)
      isUp = true
      return { resultType: 'complete', supportedVersions: ['2026-07-28'], capabilities: { tools: {} } }
    },
    initialize: () => refuse(-32022, 'the initialize handshake is not accepted'),
  },
})
