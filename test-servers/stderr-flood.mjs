// Writes 50 MB to stderr before it reads anything: it starts only when stderr is read. `bytes` as first argument changes that.
import { writeSync } from 'node:fs'
import { serve, text, tool } from './raw-server.mjs'

const bytes = Number(process.argv[2] ?? 50_000_000)
const line = Buffer.from(`${'flood '.repeat(16)}\n`)
for (let written = 0; written < bytes; ) {
  try {
    written += writeSync(2, line)
  } catch (error) {
    // The pipe is full and not blocking; try again until somebody reads.
    if (error.code !== 'EAGAIN') throw error
  }
}
serve({ name: 'stderr-flood', tools: [tool('echo', 'Answers')], call: () => text('afloat') })
