// @ts-expect-error The page is typed without Node; this test asks a real shell how it reads a line.
import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { curlCommand, terminalCommand } from './call-commands.ts'

/** The words that a real shell makes of a command line. */
function shellWords(command: string): string[] {
  const script = command.replace(/^\S+/, 'show').replace(/\$\(cat [^)]*\)/, 'TOKEN')
  return execFileSync('/bin/sh', ['-c', `show() { for word; do printf '%s\\036' "$word"; done; }\n${script}`], {
    encoding: 'utf8',
  })
    .split('\x1e')
    .slice(0, -1)
}

describe('terminalCommand', () => {
  it('writes strings plainly and everything else as JSON', () => {
    const call = {
      agent: 'filesystem',
      action: 'edit_file',
      parameters: { path: '/a b', dryRun: true, at: '@x', edits: [{ n: 1 }] },
    }
    expect(shellWords(terminalCommand(call))).toEqual([
      'call',
      'filesystem',
      'edit_file',
      'path=/a b',
      'dryRun:=true',
      'at:="@x"',
      'edits:=[{"n":1}]',
    ])
  })

  it('falls back to one JSON where a name could be misread', () => {
    const call = { agent: 'a', action: 'b', parameters: { 'x=y': 1 } }
    expect(shellWords(terminalCommand(call))).toEqual(['call', 'a', 'b', '--args', '{"x=y":1}'])
  })

  it('reaches the shell as it was meant, whatever the text', () => {
    const text = fc
      .oneof(fc.string(), fc.constantFrom("it's", '$(id)', '`id`', 'a\nb', '\\', '"', '*'))
      .filter((value) => !value.includes('\0') && !value.includes('\x1e'))
    fc.assert(
      fc.property(text, (value) => {
        expect(shellWords(terminalCommand({ agent: 'a', action: 'b', parameters: { value } }))[3]).toBe(
          value.startsWith('@') ? `value:=${JSON.stringify(value)}` : `value=${value}`,
        )
      }),
      { numRuns: 40 },
    )
  })
})

it('writes a request whose body is the call', () => {
  const call = { agent: "o'hara", action: 'b', parameters: { x: [1] } }
  const words = shellWords(curlCommand(call, 'http://127.0.0.1:7420', '/home/ada/my box'))
  expect({ url: words[1], body: JSON.parse(words.at(-1)!) }).toEqual({
    url: 'http://127.0.0.1:7420/api/v1/tasks',
    body: call,
  })
})
