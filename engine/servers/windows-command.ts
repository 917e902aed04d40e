import { AppError } from '../../shared/app-error.ts'

interface SpawnCommand {
  file: string
  args: string[]
  /** The arguments are already one command line; Node must not quote them again. */
  verbatim: boolean
}

const shellMeta = /([()\][%!^"`<>&|;, *?])/g

/**
 * What to hand to `spawn`. Node refuses `.cmd` and `.bat` files without a shell (CVE-2024-27980), so on Windows these
 * go through `cmd.exe` with every argument quoted for the program and then escaped for the two rounds of parsing that
 * a batch file's `%*` causes. Everything else is passed through as an argv array.
 */
export function spawnCommand(
  command: string,
  args: readonly string[],
  platform: NodeJS.Platform,
  comspec = 'cmd.exe',
): SpawnCommand {
  if (platform !== 'win32' || !/\.(cmd|bat)$/i.test(command)) return { file: command, args: [...args], verbatim: false }
  const texts = [command, ...args]
  if (texts.some((text) => /[\r\n]/.test(text))) {
    throw new AppError(
      'invalid_argument',
      `An argument of ${command} holds a line break, which a batch file cannot take`,
      {
        hint: 'Take the line break out, or name the program that the batch file starts.',
      },
    )
  }
  const line = [command.replace(shellMeta, '^$1'), ...args.map(escapeForBatch)].join(' ')
  return { file: comspec, args: ['/d', '/s', '/c', `"${line}"`], verbatim: true }
}

function escapeForBatch(arg: string): string {
  const quoted = `"${arg.replace(/(\\*)"/g, '$1$1\\"').replace(/(\\*)$/, '$1$1')}"`
  return quoted.replace(shellMeta, '^$1').replace(shellMeta, '^$1')
}
