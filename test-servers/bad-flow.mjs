// Takes calls and does something else than answering them: hangs, crashes, starts processes, fills what it can fill.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, closeSync, openSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { serve, text, tool, write } from './raw-server.mjs'

const folder = process.env.FAULT_FOLDER
const note = (file, line) => folder !== undefined && appendFileSync(join(folder, file), `${line}\n`)
const idle = 'setInterval(() => {}, 60_000)'
const waiting = []

const background = (code, env = process.env) => {
  const child = spawn(process.execPath, ['-e', code], { detached: true, stdio: 'ignore', env })
  child.unref()
  note('pids', child.pid)
  return child.pid
}

/** Two processes that start each other anew. */
const revive = `
const { spawn } = require('node:child_process')
const alive = (pid) => { try { return process.kill(pid, 0) } catch { return false } }
let other = Number(process.argv[1])
setInterval(() => {
  if (other && alive(other)) return
  const child = spawn(process.execPath, ['-e', process.env.REVIVE, String(process.pid)], { detached: true, stdio: 'ignore' })
  child.unref()
  other = child.pid
}, 30)`

/** Starts another instead of ending, once. */
const reborn = `
const { spawn } = require('node:child_process')
process.on('SIGTERM', () => {
  const code = 'process.on("SIGTERM", () => {}); setInterval(() => {}, 60_000)'
  spawn(process.execPath, ['-e', code], { detached: true, stdio: 'ignore' }).unref()
  process.exit()
})
setInterval(() => {}, 60_000)
console.log('ready')`

const answers = {
  hang: () => undefined,
  exit_after_20(_args, { id }) {
    waiting.push(id)
    if (waiting.length === 20) process.exit(7)
  },
  segv: () => void process.kill(process.pid, 'SIGSEGV'),
  /** Answers once as many have asked, last come first served. */
  shuffled({ number, of }, { id }) {
    waiting.push({ id, number })
    if (waiting.length < of) return
    const half = waiting.length / 2
    const order = waiting.splice(0).map((item, index) => ({ item, place: index % 2 === 0 ? -index : half - index }))
    for (const { item } of order.sort((a, b) => a.place - b.place))
      write({ jsonrpc: '2.0', id: item.id, result: text(item.number) })
  },
  tool_error: () => ({ ...text('There is no such file'), isError: true }),
  odd_content: () => ({
    content: [
      { type: 'hologram', beams: [1, 2.5, null], nested: { 'x-kept': '🦆' } },
      { type: 'image', mimeType: 'image/png', data: 'iVBORw0K'.repeat(655_360) },
    ],
    'x-unknown': { kept: true },
  }),
  daemon: () => text(background(idle)),
  forged_marker: () =>
    text(background(idle, { ...process.env, SIGNALBOX_RUN: '01890000-0000-7000-8000-000000000000' })),
  revived() {
    spawn(process.execPath, ['-e', revive, '0'], {
      detached: true,
      stdio: 'ignore',
      env: { ...process.env, REVIVE: revive },
    })
    return text('started')
  },
  async reborn() {
    const child = spawn(process.execPath, ['-e', reborn], { detached: true, stdio: ['ignore', 'pipe', 'ignore'] })
    await once(child.stdout, 'data')
    return text('started')
  },
  suspend() {
    setTimeout(() => process.kill(process.pid, 'SIGSTOP'), 20)
    return text('from now on')
  },
  leak() {
    const held = []
    for (;;) held.push(new Array(100_000).fill(held.length))
  },
  spin({ ms }) {
    for (const until = Date.now() + ms; Date.now() < until; );
    return text('done')
  },
  fill({ file }) {
    const fd = openSync(file, 'w')
    const block = Buffer.alloc(64 * 1024)
    try {
      for (;;) writeSync(fd, block)
    } catch (error) {
      return { ...text(error.message), isError: true }
    } finally {
      closeSync(fd)
    }
  },
  overwrite({ file, content }) {
    writeFileSync(file, content)
    return text('written')
  },
}

serve({
  name: 'bad-flow',
  tools: Object.keys(answers).map((name) => tool(name, `Does: ${name}`)),
  call: (name, args, request) => answers[name](args, request),
  on: { 'notifications/cancelled': ({ requestId }) => note('cancelled', requestId) },
})
