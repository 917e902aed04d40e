// The fixture over stdio for 2026-07-28 alone, on SDK v2.
import { serveStdio } from '@modelcontextprotocol/server/stdio'
import { createModernServer } from './modern-server.mjs'

serveStdio(() => createModernServer(), { legacy: 'reject' })
