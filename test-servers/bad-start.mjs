// Starts in the way that its first argument names, or does not.
import { spawn } from 'node:child_process'
import { createServer } from 'node:net'
import { serve, text, tool } from './raw-server.mjs'

const [how, ...rest] = process.argv.slice(2)

const argv = () =>
  serve({
    name: 'bad-start',
    tools: [tool('argv', 'Answers with its arguments as JSON')],
    call: () => text(JSON.stringify(process.argv.slice(2))),
  })

const ways = {
  argv,
  /** Many lines, and the reason as the last of them, within a few milliseconds of life. */
  reason() {
    for (let line = 1; line <= 40; line++) console.error(`    at frame ${line} (server.js:${line}:1)`)
    console.error('Error: API_KEY is missing')
    process.exit(1)
  },
  asks() {
    process.stderr.write('Need to install the following packages:\nsome-server@1.0.0\n')
    process.stderr.write('Ok to proceed? (y) ')
    process.stdin.resume()
  },
  deaf() {
    setInterval(() => {}, 60_000)
  },
  port() {
    createServer().listen(Number(rest[0]), '127.0.0.1')
    argv()
  },
  null_answer() {
    serve({ name: 'bad-start', on: { initialize: () => null } })
  },
  /** Leaves a process of its own session behind, as daemons do. */
  daemon() {
    const code = 'setInterval(() => {}, 60_000)'
    spawn(process.execPath, ['-e', code], { detached: true, stdio: 'ignore' }).unref()
    setTimeout(() => process.exit(0), 50)
  },
}

ways[how]()
