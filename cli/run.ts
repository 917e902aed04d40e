import { homeFolder } from '../engine/home-folder.ts'
import { AppError } from '../shared/app-error.ts'
import { type Command, commonOptions, numberOption, type Parsed, parseCommand, usage } from './command.ts'
import { commands } from './commands.ts'
import { type ExitCode, exitCodeOf, exitCodes } from './exit-codes.ts'
import { commandHelp, generalHelp } from './help.ts'
import { createOutput, onReaderGone } from './output.ts'
import { sameSignalMs } from './stop-request.ts'

/** Runs one command of the terminal face; resolves to the exit code. */
export async function run(words: string[]): Promise<ExitCode> {
  const output = createOutput(words.includes('--json'))
  try {
    const { command, rest } = chooseCommand(words)
    if (command === null) {
      output.line(generalHelp(commands))
      return exitCodes.done
    }
    const parsed = parseCommand(command, rest)
    if (parsed.values.help === true) {
      output.line(commandHelp(command))
      return exitCodes.done
    }
    onReaderGone(command.outlivesReader ?? false)
    return await command.run({ ...readers(command, parsed), output, signal: interruption() })
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    output.failure(error)
    return exitCodeOf(error)
  }
}

/** The command is the first word that is no option, so that `--home DIR ls` works like `ls --home DIR`. */
function chooseCommand(words: string[]): { command: Command | null; rest: string[] } {
  let at = 0
  while (words[at]?.startsWith('-')) {
    const option = words[at]!.replace(/^--/, '')
    if (option === 'version') return { command: named('version'), rest: words.toSpliced(at, 1) }
    const isSeparateValue = option in commonOptions && commonOptions[option as 'home'].type === 'string'
    at += isSeparateValue ? 2 : 1
  }
  const name = words[at]
  if (name === undefined || name === 'help') {
    const topic = name === 'help' ? words[at + 1] : undefined
    return topic === undefined || topic.startsWith('-')
      ? { command: null, rest: [] }
      : { command: named(topic), rest: ['--help'] }
  }
  return { command: named(name), rest: words.toSpliced(at, 1) }
}

function named(name: string): Command {
  const command = commands.find((candidate) => candidate.name === name)
  if (command === undefined) throw usage(`There is no command "${name}".`, null)
  return command
}

function readers(command: Command, { args, values }: Parsed) {
  const text = (option: string): string | undefined => {
    const value = values[option]
    return typeof value === 'string' ? value : undefined
  }
  return {
    args,
    home: homeFolder(text('home')),
    text,
    flag: (option: string) => values[option] === true,
    number: (option: string, least: number, most?: number) => {
      const value = text(option)
      return value === undefined ? undefined : numberOption(command, option, value, least, most)
    },
  }
}

/** Aborts at the first Ctrl+C; a second one ends the process. */
function interruption(): AbortSignal {
  const controller = new AbortController()
  let firstAt: number | undefined
  process.on('SIGINT', () => {
    if (firstAt !== undefined && Date.now() - firstAt > sameSignalMs) process.exit(130)
    firstAt ??= Date.now()
    controller.abort()
  })
  return controller.signal
}
