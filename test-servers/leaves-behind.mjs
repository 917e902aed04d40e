// A server with processes below it that are hard to end, by kind: `node leaves-behind.mjs KIND`. Other arguments are passed
// on to all that it starts, so that they can be found again whatever became of them.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { serve } from './raw-server.mjs'

const [kind, ...tokens] = process.argv.slice(2)
const stay = 'for (const s of ["SIGTERM", "SIGINT", "SIGHUP"]) process.on(s, () => {}); setInterval(() => {}, 60_000)'

const kinds = {
  // Ends with its input, as the protocol asks.
  eof: () => serve({ name: kind }),
  // Never notices that its input has ended.
  deaf: () => lingering(),
  // Ignores every signal that it can.
  stubborn() {
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => {})
    lingering()
  },
  // As npx does: the real server runs below, with our pipes.
  wrapper() {
    spawn(process.execPath, [process.argv[1], 'deaf', ...tokens], { stdio: 'inherit' })
    setInterval(() => {}, 60_000)
  },
  // Something in a session of its own.
  async session() {
    await once(spawn(process.execPath, ['-e', stay, '--', ...tokens], { detached: true, stdio: 'ignore' }), 'spawn')
    serve({ name: kind })
  },
  // Forked twice, so that nobody above knows it any more.
  daemon: () => forkTwice(process.env),
  // The same, and without a trace of us in its environment.
  escape: () => forkTwice({ PATH: process.env.PATH }),
}

await kinds[kind]()

function lingering() {
  setInterval(() => {}, 60_000)
  serve({ name: kind, eof() {} })
}

async function forkTwice(env) {
  const daemon = JSON.stringify(['-e', stay, '--', ...tokens])
  const fork = `require('child_process').spawn(process.execPath, ${daemon}, { detached: true, stdio: 'ignore' }).unref()`
  await once(spawn(process.execPath, ['-e', fork], { detached: true, stdio: 'ignore', env }), 'exit')
  serve({ name: kind })
}
