// `endless` writes one line that does not end, `wait` answers when it is asked; both at once show that one fails alone.
import { serve, text, tool } from './raw-server.mjs'

const chunk = 'x'.repeat(64 * 1024)

serve({
  name: 'endless-line',
  tools: [tool('endless', 'Answers with 8 MB and no line end'), tool('echo', 'Answers once the line has ended')],
  call(name, _args, { id }) {
    if (name === 'echo') {
      process.stdout.write('"}}\n')
      return text('next line')
    }
    process.stdout.write(`{"jsonrpc":"2.0","id":${id},"result":{"x":"`)
    for (let count = 0; count < 128; count++) process.stdout.write(chunk)
  },
})
