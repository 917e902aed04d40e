// Starts a process of its own that inherits its pipes and outlives it; `grandchild` answers with its pid.
import { spawn } from 'node:child_process'
import { serve, text, tool } from './raw-server.mjs'

const grandchild = spawn(process.execPath, ['-e', 'setInterval(() => {}, 60_000)'], { stdio: 'inherit' })
console.error(`grandchild ${grandchild.pid}`)
serve({
  name: 'spawns-grandchild',
  tools: [tool('grandchild', 'Answers with the pid of its child')],
  call: () => text(grandchild.pid),
})
