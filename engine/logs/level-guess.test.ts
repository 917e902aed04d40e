import fc from 'fast-check'
import { expect, test } from 'vitest'
import { logLevels } from '../../shared/log.ts'
import { guessLevel } from './level-guess.ts'

test.for([
  ['[ERROR] cannot connect', 'error'],
  ['[warn] slow', 'warn'],
  ['(debug) state', 'debug'],
  ['WARN: disk is nearly full', 'warn'],
  ['warning: unused variable', 'warn'],
  ['error: no such file', 'error'],
  ['ERROR no colon needed', 'error'],
  ['level=warn msg="slow query"', 'warn'],
  ['time="2026-11-22T14:07:15Z" level=fatal msg=gone', 'fatal'],
  ['{"level":"error","msg":"x"}', 'error'],
  ['{"level":50,"time":1,"msg":"x"}', 'error'],
  ['{"level":30,"time":1,"msg":"an error in the message"}', 'info'],
  ['{"severity":"WARNING","message":"x"}', 'warn'],
  ['{"msg":"no level, nested one","user":{"level":60}}', 'info'],
  ['ERROR:root:something broke', 'error'],
  ['2026-11-22 14:07:15,501 - app.server - ERROR - broke', 'error'],
  ['2026-11-22 14:07:15 [main] WARN  com.example.App - slow', 'warn'],
  ['2026-11-22T14:07:15.501Z  INFO server::http: listening', 'info'],
  ['[2026-11-22T14:07:15Z ERROR my_crate] broke', 'error'],
  ['2026/11/22 14:07:15 WARN slow path', 'warn'],
  ['2026-11-22T14:07:15.501Z\terror\tserver/main.go:12\tbroke', 'error'],
  ['E1122 14:07:15.501234       1 server.go:40] broke', 'error'],
  ['W1122 14:07:15.501234       1 server.go:40] odd', 'warn'],
  ['INFO:     Uvicorn running on http://127.0.0.1:8000', 'info'],
  ['myserver[123]: ERROR: broke', 'error'],
  ['(node:4711) Warning: a thing is deprecated', 'warn'],
  ['npm warn deprecated left-pad', 'warn'],
  ['npm ERR! code ENOENT', 'error'],
  ['Traceback (most recent call last):', 'error'],
  ['ValueError: not a number', 'error'],
  ['TypeError [ERR_INVALID_ARG_TYPE]: wrong', 'error'],
  ['java.lang.NullPointerException: x', 'error'],
  ['Error: Cannot find module', 'error'],
  ['panic: runtime error: index out of range', 'fatal'],
  ["thread 'main' panicked at src/main.rs:2:5", 'fatal'],
  ['\u001b[31mERROR\u001b[39m red', 'error'],
  ['\u001b[2m2026-11-22T14:07:15Z\u001b[0m \u001b[33m WARN\u001b[0m tracing', 'warn'],
  ['TRACE entering', 'trace'],
  ['CRITICAL:app:down', 'fatal'],
  ['Secure MCP Filesystem Server running on stdio', 'info'],
  ['0 errors, 2 warnings', 'info'],
  ['Error handler installed', 'info'],
  ['no error found', 'info'],
  ['the word ERROR within a sentence', 'info'],
  ['12 error handlers installed', 'info'],
  ['at Object.<anonymous> (/app/error.js:1:1)', 'info'],
  ['constructor: __proto__', 'info'],
  ['', 'info'],
] as const)('%s → %s', ([line, level]) => {
  expect(guessLevel(line)).toBe(level)
})

test('any text has a level', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 500 }), (text) => logLevels.includes(guessLevel(text))))
})
