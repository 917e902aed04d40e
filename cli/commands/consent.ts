import { AppError } from '../../shared/app-error.ts'
import type { Consent } from '../../shared/consent.ts'
import type { ServerId } from '../../shared/ids.ts'
import { wordDiff } from '../../shared/word-diff.ts'
import { withClient } from '../client.ts'
import type { Command } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { cell, type Output } from '../output.ts'
import { stateSign } from '../signs.ts'
import { visible } from '../visible.ts'

/** So much of what names exactly what was shown is enough to type. */
const codeLength = 12
const waitS = 60

export const consent: Command = {
  name: 'consent',
  usage: 'SERVER [--agree CODE]',
  summary: 'What would run and what differs from what you agreed to; --agree takes the code that is shown with it',
  options: { agree: { type: 'string' } },
  takes: [1, 1],
  async run({ args, text, home, output, signal }) {
    const id = args[0] as ServerId
    const code = text('agree')
    return withClient(home, async (client) => {
      const found = await client.servers.consent({ id }, { signal })
      if (code === undefined) {
        if (output.isJson) output.json(found)
        else tell(output, id, found)
        return exitCodes.done
      }
      if (code.length < codeLength || !found.seen.startsWith(code)) throw stale(id)
      const server = await client.servers.approve({ id, seen: found.seen, wait_s: waitS }, { signal })
      if (output.isJson) output.json(server)
      else output.line(`Agreed: ${cell(server.id)}  ${stateSign(output, server.state)}`)
      return exitCodes.done
    })
  },
}

const said: Record<Consent['status'], string> = {
  new: 'Nobody has agreed to run it yet.',
  agreed: 'You agreed to what would run.',
  changed: 'What would run is not what you agreed to.',
}

function tell(output: Output, id: ServerId, { status, fields, tools, seen }: Consent): void {
  output.line(said[status])
  for (const { field, before, after, is_changed } of fields) {
    output.line(`\n${output.toned('bold', field)}${is_changed && status !== 'new' ? ', changed' : ''}`)
    output.line(indented(is_changed ? difference(output, before, after) : visible(after ?? '')))
  }
  for (const { name, before, after } of tools) {
    output.line(`\n${output.toned('bold', `tool ${cell(name)}`)}, ${before === null ? 'new' : 'changed'}, held back`)
    output.line(indented(difference(output, before, after)))
  }
  if (status === 'agreed' && tools.length === 0) return
  output.line(`\nAgree to exactly this with: signalbox consent ${cell(id)} --agree ${seen.slice(0, codeLength)}`)
}

/** Word by word, marked as `git diff --word-diff` does, so that it is told without colours too. */
function difference(output: Output, before: string | null, after: string | null): string {
  const parts = wordDiff(before ?? '', after ?? '')
  return parts
    .map(({ kind, text }) => {
      if (kind === 'same') return visible(text)
      return kind === 'gone'
        ? output.toned('red', `[-${visible(text)}-]`)
        : output.toned('green', `{+${visible(text)}+}`)
    })
    .join('')
}

function indented(text: string): string {
  return text.replace(/^/gm, '  ')
}

function stale(id: string): AppError {
  return new AppError('consent_stale', 'The code is not of what would run now: it changed, or was mistyped.', {
    status: 409,
    hint: `Look at it again with: signalbox consent ${cell(id)}`,
  })
}
