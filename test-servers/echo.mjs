// Well-behaved: echoes, fails, works slowly with progress, crashes and answers at length, each on request.
import { notify, refuse, serve, text, tool } from './raw-server.mjs'

const number = { type: 'number' }
const running = new Map()

serve({
  name: 'echo',
  tools: [
    tool('echo', 'Answers with its text', { text: { type: 'string' } }, ['text']),
    tool('fail', 'Answers with a tool error', { text: { type: 'string' } }),
    tool('slow', 'Takes `steps` steps of `step_ms`, with progress; cancellable', { steps: number, step_ms: number }),
    tool('crash', 'Ends the process with `code` instead of an answer', { code: number }),
    tool('big', 'Answers with `bytes` letters', { bytes: number }, ['bytes']),
  ],
  call(name, args, request) {
    switch (name) {
      case 'echo':
        return text(args.text)
      case 'fail':
        return { ...text(args.text ?? 'It failed, as asked'), isError: true }
      case 'slow':
        return slow(args, request)
      case 'crash':
        process.exit(args.code ?? 1)
        break
      case 'big':
        return text('x'.repeat(args.bytes))
      default:
        return refuse(-32602, `Unknown tool: ${name}`)
    }
  },
  on: {
    'notifications/cancelled': ({ requestId }) => running.get(requestId)?.(),
  },
})

/** The result, or nothing once it was cancelled. */
function slow({ steps = 5, step_ms = 100 }, { id, params }) {
  const progressToken = params._meta?.progressToken
  return new Promise((resolve) => {
    let step = 0
    const end = (result) => {
      clearInterval(timer)
      running.delete(id)
      resolve(result)
    }
    const timer = setInterval(() => {
      step++
      if (progressToken !== undefined) {
        notify('notifications/progress', { progressToken, progress: step, total: steps, message: `Step ${step}` })
      }
      if (step >= steps) end(text(`${steps} steps done`))
    }, step_ms)
    running.set(id, () => end(undefined))
  })
}
