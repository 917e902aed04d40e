import type { Command } from './command.ts'
import { alignColumns } from './output.ts'

export function generalHelp(commands: readonly Command[]): string {
  const rows = commands.map(({ name, usage, summary }) => [`  ${name} ${usage}`, summary])
  return [
    'Signalbox, the control room for your MCP servers.',
    '',
    'Usage: signalbox COMMAND [options]',
    '',
    ...alignColumns(rows),
    '',
    'Options of every command:',
    '  --home DIR  its folder (else SIGNALBOX_HOME, else the place for data of this system)',
    '  --json      JSON alone on stdout',
    '  --help      about one command',
    '',
    'Exit codes: 0 done, 1 failed, 2 usage, 3 not running, 4 unknown name, 5 task failed.',
  ].join('\n')
}

export function commandHelp({ name, usage, summary }: Command): string {
  return `Usage: signalbox ${name} ${usage} [--home DIR] [--json]\n\n${summary}.`
}
