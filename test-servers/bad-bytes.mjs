// Every tool answers in bytes that a reader of lines can trip over; the tool's name says how, `bytes` and `lines` how much.
import { writeSync } from 'node:fs'
import { serve, text, tool } from './raw-server.mjs'

const out = (data, done) => void process.stdout.write(data, done)
const good = (id, value) => JSON.stringify({ jsonrpc: '2.0', id, result: text(value) })
const poem = 'grüße 🦆 – ende'
const megabyte = 'x'.repeat(1_000_000)

const answers = {
  chatter(id, { lines }) {
    for (let line = 1; line <= lines; line++) console.log(`Working on item ${line}`)
    out(`${good(id, 'done')}\n`)
  },
  crlf: (id) => out(`${good(id, poem)}\r\n`),
  async byte_by_byte(id) {
    for (const byte of Buffer.from(`${good(id, poem)}\n`)) await new Promise((done) => out(Buffer.of(byte), done))
  },
  invalid_utf8(id) {
    const [before, after] = good(id, 'here|there').split('|')
    out(Buffer.concat([Buffer.from(before), Buffer.of(0xff, 0xfe, 0xc3), Buffer.from(`${after}\n`)]))
  },
  no_line_end: (id) => out(good(id, 'whole, but for its end')),
  cut_off: (id) => out(good(id, 'the rest of this never comes').slice(0, -20)),
  big: (id, { bytes }) => out(`${good(id, 'x'.repeat(bytes))}\n`),
  async huge(id, { bytes }) {
    out(`{"jsonrpc":"2.0","id":${id},"result":{"content":[{"type":"text","text":"`)
    for (let sent = 0; sent < bytes; sent += megabyte.length) await new Promise((done) => out(megabyte, done))
    out('"}]}}\n')
  },
  async endless(id) {
    out(`{"jsonrpc":"2.0","id":${id},"result":{"content":[{"type":"text","text":"`)
    for (;;) await new Promise((done) => out(megabyte, done))
  },
  async stderr_flood(id, { bytes }) {
    const line = `${'flood '.repeat(16)}\n`
    for (let sent = 0; sent < bytes; sent += 1000 * line.length)
      await new Promise((done) => process.stderr.write(line.repeat(1000), done))
    out(`${good(id, 'still served')}\n`)
  },
  stderr_binary(id) {
    process.stderr.write(Buffer.from([0x62, 0x69, 0x6e, 0x00, 0x1b, 0x5b, 0x33, 0x31, 0x6d, 0x07, 0xff, 0x0a]))
    out(`${good(id, 'done')}\n`)
  },
}

// More than a pipe holds, and nothing is read until somebody has taken it.
if (process.argv.includes('--stderr-first')) writeSync(2, 'said before anything was read\n'.repeat(40_000))

// One after another: a long answer is not cut in two by a short one.
let before = Promise.resolve()

serve({
  name: 'bad-bytes',
  tools: Object.keys(answers).map((name) => tool(name, `Answers: ${name}`)),
  call(name, args, { id }) {
    if (name === 'stderr_flood') void answers[name](id, args)
    else before = before.then(() => answers[name](id, args))
  },
})
