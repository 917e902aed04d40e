// Prints text without a line end before every message, and sends a byte order mark first of all.
import { serve, text, tool } from './raw-server.mjs'

const print = process.stdout.write.bind(process.stdout)
let isFirst = true
process.stdout.write = (message, ...rest) => {
  const before = isFirst ? '\ufeff' : 'Loading... 100% '
  isFirst = false
  return print(`${before}${message}`, ...rest)
}
serve({ name: 'partial-line', tools: [tool('echo', 'Answers')], call: () => text('still here') })
