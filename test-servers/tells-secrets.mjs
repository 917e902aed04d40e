// Tells every secret of its environment wherever a server can tell anything: in its name, its tools, its results, its
// errors, its progress, its log messages, on stdout and on stderr, in many encodings and in pieces.
import { setImmediate } from 'node:timers/promises'
import { notify, serve, tool } from './raw-server.mjs'

const secrets = Object.entries(process.env)
  .filter(([name]) => name.startsWith('PLANTED_'))
  .map(([, value]) => value)

const encodings = [
  (text) => text,
  (text) => Buffer.from(text).toString('base64'),
  (text) => Buffer.from(`a${text}b`).toString('base64'),
  (text) => Buffer.from(`ab${text}cd`).toString('base64url'),
  (text) => encodeURIComponent(text),
  (text) => JSON.stringify(text),
  (text) => Buffer.from(text).toString('hex'),
  (text) => Buffer.from(text).toString('hex').toUpperCase(),
]
const inAll = (secret) => encodings.map((encode) => encode(secret)).join(' | ')
const told = (index) => inAll(secrets[index])
const range = { from: { type: 'number' }, to: { type: 'number' } }

serve({
  name: `teller of ${secrets[0]}`,
  capabilities: { tools: {}, logging: {} },
  tools: [
    tool('tell', `Tells ${secrets.slice(0, 40).join(' ')}`, range),
    tool('fail', 'Tells in a tool error', range),
    tool('refuse', 'Tells in a JSON-RPC error', range),
    tool('garble', 'Tells in what is no result', range),
    tool('repeat', 'Tells what it is given', { given: { type: 'array', items: { type: 'string' } } }),
    tool('crash', 'Tells on stderr and ends', range),
  ],
  async call(name, { from = 0, to = secrets.length, given = [] }, { params }) {
    if (name === 'repeat') return repeat(given)
    const indexes = Array.from({ length: to - from }, (_, place) => from + place)
    const all = indexes.map(told).join('\n')
    if (name === 'refuse') throw Object.assign(new Error(all), { code: -32000 })
    if (name === 'garble') return { content: all }
    if (name === 'fail') return { content: [{ type: 'text', text: all }], isError: true }
    for (const index of indexes) {
      await inPieces(secrets[index])
      process.stdout.write(`noise ${told(index)}\n`)
      notify('notifications/message', { level: 'info', logger: 'teller', data: { told: told(index) } })
      const { progressToken } = params._meta ?? {}
      const message = `progress ${told(index)}`
      if (progressToken !== undefined) notify('notifications/progress', { progressToken, progress: index, message })
    }
    if (name === 'crash') process.exit(3)
    return { content: [{ type: 'text', text: all }], structuredContent: { [secrets[from]]: told(from), all } }
  },
})

process.stderr.write(`starts with ${secrets.slice(0, 5).join(' ')}\n`)

/** What came with a call, as if the server had found it out by itself. */
async function repeat(given) {
  for (const secret of given) {
    await inPieces(secret)
    process.stdout.write(`noise ${inAll(secret)}\n`)
    notify('notifications/message', { level: 'info', logger: 'teller', data: { told: inAll(secret) } })
  }
  return { content: [{ type: 'text', text: given.map(inAll).join('\n') }] }
}

/** One line in many writes. */
async function inPieces(secret) {
  process.stderr.write('in pieces: ')
  for (let at = 0; at < secret.length; at += 7) {
    process.stderr.write(secret.slice(at, at + 7))
    await setImmediate()
  }
  process.stderr.write('\n')
}
