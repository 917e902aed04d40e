// The whole engine with its HTTP face, and events on its bus. `ours.ts HOME`; prints `listening URL`.
import { nodeHost } from '../../cli/host.ts'
import { openProgram } from '../../engine/api/open-program.ts'
import { takeOrders } from './paced.ts'

const host = await nodeHost(process.argv[2]!)
const opened = await openProgram({ host, port: 0, pageDir: null })
if (opened.kind === 'held') throw new Error(`${host.home} is held by ${opened.holder.pid}`)
const { engine, face } = opened.program
console.log(`listening ${face.url.replace('http', 'ws')}/ws/bench`)
takeOrders((text) => {
  engine.bus.publish('webhook.received', { hook: 'bench', delivery_id: '1', content_type: null, body: text })
})
