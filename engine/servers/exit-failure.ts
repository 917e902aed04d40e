import { stripVTControlCharacters } from 'node:util'
import type { Failure } from '../../shared/app-error.ts'
import { nameOfHolder, type PortHolder } from '../port-holder.ts'
import type { Exit } from './server-process.ts'

/**
 * How a process ended, for people: the exit, and the reason that it gave on stderr. `holder`: who has the port that it
 * wanted.
 */
export function exitFailure(
  exit: Exit,
  stderr: readonly string[],
  hasAnswered: boolean,
  holder: PortHolder | null = null,
): Failure {
  const how = endOf(exit)
  const port = takenPort(stderr)
  if (port !== null) {
    const who = holder === null ? 'another program' : nameOfHolder(holder)
    const message = `${how}${hasAnswered ? '' : ' before it answered'}: port ${port} is used by ${who}`
    return { code: 'port_in_use', message, hint: hintFor('EADDRINUSE', exit) }
  }
  const headline = headlineOf(stderr)
  return {
    code: exit.signal === null ? 'server_exited' : 'server_crashed',
    message: how + (hasAnswered ? '' : ' before it answered') + (headline === null ? '' : `: ${headline}`),
    hint: hintFor(headline ?? '', exit),
  }
}

function endOf({ code, signal }: Exit): string {
  if (signal !== null) return `Ended by ${signal}`
  return code === 0 ? 'Stopped by itself with code 0' : `Exited with code ${code}`
}

/** The process that was started is gone, and one that it started itself runs on by itself. */
export function leftForeground(): Failure {
  return {
    code: 'left_foreground',
    message: 'Left the foreground: it started another process and ended; that one was ended too',
    hint: 'Start it without its option to run in the background; a server on stdio must stay in the foreground.',
  }
}

const addressInUse = /EADDRINUSE|address already in use|only one usage of each socket address/i
/** `127.0.0.1:3000`, `:::3000`, `('127.0.0.1', 8000)`. */
const portInLine = /(?::|', )(\d{2,5})(?![\d.])/

/** The port that was another's, where stderr says so. */
export function takenPort(stderr: readonly string[]): string | null {
  const line = stderr.find((text) => addressInUse.test(text) && portInLine.test(text))
  return line === undefined ? null : portInLine.exec(line)![1]!
}

/** The last line on stderr that says something: no stack frame, no bracket, no farewell of a runtime. */
export function headlineOf(stderr: readonly string[]): string | null {
  const plain = stderr.map((line) => stripVTControlCharacters(line).trimEnd())
  const line = plain.findLast((text) => /\p{L}{2}/u.test(text) && !noise.some((pattern) => pattern.test(text)))
  return line === undefined ? null : line.slice(0, headlineLength)
}

const headlineLength = 300
const noise = [
  /^\s/,
  /^Emitted '\w+' event on /,
  /^Node\.js v\d/,
  /^npm (error|ERR!) (A complete log|Log files)/i,
  /^Traceback /,
  /^-----/,
  /^\d+: 0x[\da-f]+ /,
]

const hints: readonly [RegExp, string][] = [
  [
    /EADDRINUSE|address already in use/i,
    'Another program uses its port; end that one, or give this server another port.',
  ],
  [
    /cannot find module|ModuleNotFoundError|no module named/i,
    'Install the package that it names, or correct its path.',
  ],
  [
    /\b(missing|required|not set|undefined)\b/i,
    'Check "args" and "env" in the configuration against what the line asks for.',
  ],
  [/ENOENT|no such file/i, 'Correct the path that the line names.'],
  [/EACCES|permission denied/i, 'Allow access to what the line names.'],
]

function hintFor(headline: string, exit: Exit): string {
  const known = hints.find(([pattern]) => pattern.test(headline))
  if (known !== undefined) return known[1]
  if (exit.code === 127) return 'The command that it runs is not installed; look at its log.'
  if (exit.code === 126) return 'The command that it runs may not be executed; look at its log.'
  if (exit.code === 0) return 'Its program ended by itself; look whether its arguments make it a server on stdio.'
  return 'Look at its log.'
}
