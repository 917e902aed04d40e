// Prints a banner, colours and JSON log lines on stdout around its messages, 1,000 lines of text in the middle of a call.
import { serve, text, tool } from './raw-server.mjs'

console.log('\u001b[32mWelcome to the noisy server\u001b[0m')
console.log(JSON.stringify({ level: 30, msg: 'ready', id: 1 }))

serve({
  name: 'noisy-stdout',
  tools: [tool('talk', 'Answers after 1,000 lines of text')],
  call() {
    for (let line = 1; line <= 1000; line++) console.log(`line ${line}`)
    return text('done')
  },
})
