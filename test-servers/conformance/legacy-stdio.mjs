// The fixture over stdio for revisions up to 2025-11-25, on SDK v1.
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js'
import { createLegacyServer } from './legacy-server.mjs'

await createLegacyServer().connect(new StdioServerTransport())
// SDK v1 does not react to the end of its input.
process.stdin.once('end', () => process.exit(0))
