import { resolve } from 'node:path'

/** The raw server behind every gateway. */
export const echoServer = resolve('test-servers/echo.mjs')
