// `serve`, but that calls of clients leave no record: an option that nothing else sets. `unrecorded-program.ts HOME`; announces
// itself in the home as the program does, and ends on SIGTERM.
import { once } from 'node:events'
import { nodeHost } from '../../cli/host.ts'
import { openProgram } from '../../engine/api/open-program.ts'

const asked = once(process, 'SIGTERM')
const host = await nodeHost(process.argv[2]!)
const opened = await openProgram({ host, port: 0, pageDir: null, engine: { isRecording: false } })
if (opened.kind === 'held') throw new Error(`${host.home} is held by ${opened.holder.pid}`)
await asked
await opened.program[Symbol.asyncDispose]()
