// Speaks well-formed JSON-RPC at the wrong time, too often or under the wrong name; the tool's name says how.
// `--changes` makes it another server with every start: it counts them in the file `starts` of FAULT_FOLDER.
import { appendFileSync, readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { notify, serve, text, tool, write } from './raw-server.mjs'

const changed = () => notify('notifications/tools/list_changed')
let lists = 0
let replies = 0

const progress = (progressToken, step) => notify('notifications/progress', { progressToken, progress: step })

const answers = {
  async late(_token, { after_ms }) {
    await delay(after_ms)
    return text('late')
  },
  progress_after_end(token) {
    setImmediate(() => progress(token, 2))
    return text('done')
  },
  progress_of_nobody() {
    for (const token of [424242, 'no-such-token']) progress(token, 1)
    return text('done')
  },
  async progress_storm(token, { count }) {
    for (let step = 1; step <= count; step++) {
      progress(token, step)
      if (step % 1000 === 0 && process.stdout.writableNeedDrain)
        await new Promise((drained) => process.stdout.once('drain', drained))
    }
    return text('done')
  },
  list_storm() {
    for (let count = 0; count < 20_000; count++) changed()
    return text('done')
  },
  changes_for_ever() {
    setInterval(changed, 10)
    return text('done')
  },
  lists: () => text(lists),
  odd_messages() {
    notify('notifications/never_heard_of', { a: 1 })
    write({ jsonrpc: '2.0', id: 'q1', method: 'never/heard/of' })
    write({ jsonrpc: '2.0', id: 'q2', method: 'notifications/message', params: { level: 'info', data: 'has an id' } })
    write({ jsonrpc: '2.0', method: 'sampling/createMessage', params: {} })
    return text('done')
  },
  replies: () => text(replies),
}

function startsSoFar() {
  const file = `${process.env.FAULT_FOLDER}/starts`
  appendFileSync(file, '.')
  return readFileSync(file, 'utf8').length
}

const extra = process.argv.includes('--changes') ? [tool(`of_start_${startsSoFar()}`, 'Only of this start')] : []

serve({
  name: 'bad-protocol',
  capabilities: { tools: { listChanged: true } },
  call: (name, args, { params }) => answers[name](params._meta?.progressToken, args),
  on: {
    'tools/list': () => {
      lists++
      return { tools: [...Object.keys(answers).map((name) => tool(name, `Answers: ${name}`)), ...extra] }
    },
    // A reply has no method; it is looked up under its absence.
    undefined: () => void replies++,
  },
})
