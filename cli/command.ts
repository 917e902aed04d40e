import { type ParseArgsOptionsConfig, parseArgs } from 'node:util'
import { AppError } from '../shared/app-error.ts'
import type { ExitCode } from './exit-codes.ts'
import type { Output } from './output.ts'

/** One verb of the terminal face. */
export interface Command {
  readonly name: string
  /** What follows the name, for the help: `SERVER [--wait SECONDS]`. */
  readonly usage: string
  readonly summary: string
  /** Own options, beside those of every command. */
  readonly options: ParseArgsOptionsConfig
  /** Least and greatest number of arguments. */
  readonly takes: readonly [least: number, most: number]
  /** Whether it serves others than its reader, and so goes on without one. */
  readonly outlivesReader?: boolean
  run(invocation: Invocation): Promise<ExitCode>
}

export interface Invocation {
  readonly args: readonly string[]
  /** Values of own options; absent when not given. */
  text(option: string): string | undefined
  flag(option: string): boolean
  /** An option that is a number from `least` on; throws `usage` when it is none. */
  number(option: string, least: number, most?: number): number | undefined
  readonly home: string
  readonly output: Output
  /** Aborted by the first Ctrl+C. */
  readonly signal: AbortSignal
}

/** The options that every command takes. */
export const commonOptions = {
  home: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const satisfies ParseArgsOptionsConfig

export interface Parsed {
  readonly args: string[]
  readonly values: Readonly<Record<string, string | boolean | undefined>>
}

/** Reads the words after a command's name. Throws `usage`, naming the option and the next step. */
export function parseCommand(command: Command, words: string[]): Parsed {
  const { positionals, values } = parse(command, words)
  const [least, most] = command.takes
  if (values.help === true) return { args: positionals, values }
  if (positionals.length < least) throw usage(`"${command.name}" needs ${command.usage.split(' [')[0]}.`, command)
  if (positionals.length > most) throw usage(`"${positionals[most]}" is one argument too many.`, command)
  return { args: positionals, values }
}

export function usage(message: string, command: Command | null): AppError {
  const hint = command === null ? 'Run "signalbox help".' : `Usage: signalbox ${command.name} ${command.usage}`.trim()
  return new AppError('usage', message, { hint })
}

export function numberOption(
  command: Command,
  option: string,
  text: string,
  least: number,
  most = Number.POSITIVE_INFINITY,
): number {
  const value = Number(text)
  if (text.trim() !== '' && Number.isInteger(value) && value >= least && value <= most) return value
  const range = most === Number.POSITIVE_INFINITY ? `from ${least} on` : `from ${least} to ${most}`
  throw usage(`--${option} takes a whole number ${range}, not "${text}".`, command)
}

function parse(command: Command, words: string[]) {
  try {
    const options: ParseArgsOptionsConfig = { ...commonOptions, ...command.options }
    const { positionals, values } = parseArgs({ args: words, options, allowPositionals: true, strict: true })
    return { positionals, values: values as Parsed['values'] }
  } catch (error) {
    // Node's own sentence names the option; its advice about `--` after it is of little use here.
    throw usage((error as Error).message.split('. ')[0]!, command)
  }
}
