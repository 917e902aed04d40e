// Legacy, and silent on any method that it does not know, `server/discover` above all.
import { serve, text, tool } from './raw-server.mjs'

serve({
  name: 'silent-probe',
  tools: [tool('echo', 'Answers')],
  call: () => text('here'),
  on: { 'server/discover': () => undefined },
})
