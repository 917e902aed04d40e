// A store's worker for the tests: it opens, and dies at the first call.
import { parentPort } from 'node:worker_threads'

parentPort!.postMessage({ kind: 'opened', opened: { banner: null, access: 'read_write', journal: null } })
parentPort!.on('message', () => process.exit(1))
