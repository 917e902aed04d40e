import { expect, test } from 'vitest'
import { exitFailure, headlineOf } from './exit-failure.ts'

test.each([
  [['starting', '\u001b[31mError: API_KEY missing\u001b[39m', ''], 'Error: API_KEY missing'],
  [
    [
      'node:internal/modules:1',
      '  throw err;',
      '  ^',
      '',
      "Error: Cannot find module '/x.js'",
      '    at a (b:1)',
      '}',
      '',
      'Node.js v24.0.0',
    ],
    "Error: Cannot find module '/x.js'",
  ],
  [
    ['Traceback (most recent call last):', '  File "a.py"', "ModuleNotFoundError: No module named 'mcp'"],
    "ModuleNotFoundError: No module named 'mcp'",
  ],
  [['npm error 404 Not Found', 'npm error A complete log of this run can be found in: /x'], 'npm error 404 Not Found'],
  [
    ['FATAL ERROR: JavaScript heap out of memory', '----- Native stack trace -----', '', '15: 0x1add9b6  [node]'],
    'FATAL ERROR: JavaScript heap out of memory',
  ],
  [['', '---', '   '], null],
  [[], null],
])('finds the headline of %j', (lines, headline) => {
  expect(headlineOf(lines)).toBe(headline)
})

test('says of an end with code 0 that it stopped by itself', () => {
  expect(exitFailure({ code: 0, signal: null, afterMs: 1 }, [], true).message).toBe('Stopped by itself with code 0')
})

test('names code or signal, the reason, and what to do', () => {
  expect(exitFailure({ code: 3, signal: null, afterMs: 1 }, ['API_KEY is missing'], false)).toEqual({
    code: 'server_exited',
    message: 'Exited with code 3 before it answered: API_KEY is missing',
    hint: 'Check "args" and "env" in the configuration against what the line asks for.',
  })
  expect(exitFailure({ code: null, signal: 'SIGSEGV', afterMs: 1 }, [], true)).toEqual({
    code: 'server_crashed',
    message: 'Ended by SIGSEGV',
    hint: 'Look at its log.',
  })
})

test.each([
  ['Error: listen EADDRINUSE: address already in use 127.0.0.1:3000', '3000'],
  ['Error: listen EADDRINUSE: address already in use :::8080', '8080'],
  ["[Errno 98] error while attempting to bind on address ('127.0.0.1', 8000): address already in use", '8000'],
  ['listen tcp :7777: bind: address already in use', '7777'],
])('names the port of %j', (line, port) => {
  const exit = { code: 1, signal: null, afterMs: 30 }
  expect(exitFailure(exit, ['starting', line, '    at x'], false)).toMatchObject({
    code: 'port_in_use',
    message: `Exited with code 1 before it answered: port ${port} is used by another program`,
  })
})
