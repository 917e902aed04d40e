// Tools that say what they do: read-only, destructive, idempotent. Each tells how often it was called; one fails at first.
import { appendFileSync, readFileSync } from 'node:fs'
import { serve, text, tool } from './raw-server.mjs'

const hinted = (annotations, ...definition) => ({ ...tool(...definition), annotations })
const string = { type: 'string' }
const waiting = []
let removed = 0

serve({
  name: 'hinted',
  tools: [
    hinted({ readOnlyHint: true }, 'look', 'Answers with its text', { text: string }),
    hinted({ readOnlyHint: true }, 'wait', 'Answers when `release` is called'),
    hinted({ readOnlyHint: true }, 'release', 'Lets all of `wait` answer; tells how many'),
    hinted({ destructiveHint: true }, 'remove', 'Counts; removes nothing', { path: string }),
    hinted(
      { destructiveHint: false, idempotentHint: true },
      'put',
      'Ends the process at its first `fails` calls, counted in `file`',
      failing(),
    ),
    hinted({ destructiveHint: false }, 'append', 'As `put`, but not idempotent', failing()),
    hinted({ readOnlyHint: true }, 'large', 'Answers with `bytes` letters', { bytes: { type: 'number' } }),
  ],
  call(name, args) {
    switch (name) {
      case 'look':
        return text(args.text ?? 'nothing')
      case 'wait':
        return new Promise((resolve) => waiting.push(() => resolve(text('released'))))
      case 'release': {
        const all = waiting.splice(0)
        for (const release of all) release()
        return text(all.length)
      }
      case 'remove':
        return text(++removed)
      case 'put':
      case 'append':
        return failAtFirst(args)
      default:
        return text('é'.repeat(args.bytes / 2))
    }
  },
})

/** Notes the call in `file` and ends the process until it was called more than `fails` times. */
function failAtFirst({ file, fails }) {
  appendFileSync(file, 'x')
  const calls = readFileSync(file, 'utf8').length
  if (calls <= fails) process.exit(1)
  return text(calls)
}

function failing() {
  return { file: string, fails: { type: 'number' } }
}
