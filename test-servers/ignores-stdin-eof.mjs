// Keeps running when its input ends; SIGTERM ends it.
import { serve } from './raw-server.mjs'

setInterval(() => {}, 60_000)
serve({ name: 'ignores-stdin-eof', eof() {} })
