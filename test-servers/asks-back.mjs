// Asks its client for roots, sampling and a ping though none was offered but the last; `ask` answers with the replies.
import { serve, text, tool, write } from './raw-server.mjs'

const questions = ['roots/list', 'sampling/createMessage', 'ping']
const replies = new Map()
let done = () => {}

serve({
  name: 'asks-back',
  tools: [tool('ask', 'Asks and answers with what it was told')],
  call() {
    for (const method of questions) write({ jsonrpc: '2.0', id: method, method, params: {} })
    return new Promise((resolve) => {
      done = () => resolve(text(JSON.stringify(Object.fromEntries(replies))))
    })
  },
  on: {
    // A reply has no method; it is looked up under its absence.
    undefined: (_params, reply) => {
      replies.set(reply.id, reply.error?.code ?? reply.result)
      if (replies.size === questions.length) done()
    },
  },
})
