import { serveStdio } from '@modelcontextprotocol/server/stdio'
import { createServer } from './create-server.ts'

// stdout belongs to the protocol: what people should read goes to stderr.
console.error('__NAME__ starts')
serveStdio(createServer)
