// Does the handshake and lists its tools, then stops reading its input for ever at the first call.
import { serve, tool } from './raw-server.mjs'

setInterval(() => {}, 60_000)
serve({
  name: 'stops-reading',
  tools: [tool('stop', 'Stops reading')],
  call: () => {
    process.stdin.pause()
  },
})
