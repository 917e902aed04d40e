// Legacy, and ends with code 1 when the first request is anything but `initialize`.
import { serve, text, tool } from './raw-server.mjs'

serve({
  name: 'dies-on-probe',
  tools: [tool('echo', 'Answers')],
  call: () => text('alive'),
  on: {
    'server/discover': () => {
      console.error('panic: expected initialize')
      process.exit(1)
    },
  },
})
