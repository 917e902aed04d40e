// Closes its stdout at the first message and keeps running until its input ends.
import { closeSync } from 'node:fs'

process.stdin.once('data', () => closeSync(1))
process.stdin.on('end', () => process.exit(0))
