#!/usr/bin/env node
// Imports nothing until the Node is known to be new enough: an older one would fail on what it cannot parse.
import { nodeComplaint } from './node-version.ts'

const complaint = nodeComplaint(process.versions.node)
if (complaint === null) {
  const { run } = await import('./run.ts')
  process.exitCode = await run(process.argv.slice(2))
} else {
  console.error(complaint)
  process.exitCode = 1
}
