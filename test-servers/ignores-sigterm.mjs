// Keeps running when its input ends and at SIGTERM; only SIGKILL ends it.
import { serve } from './raw-server.mjs'

process.on('SIGTERM', () => console.error('SIGTERM ignored'))
setInterval(() => {}, 60_000)
serve({ name: 'ignores-sigterm', eof() {} })
