import { expect, test } from 'vitest'
import { spawnCommand } from './windows-command.ts'

test('passes programs through as they are', () => {
  const args = ['a b', '%PATH%', '"']
  expect(spawnCommand('/usr/bin/npx.cmd', args, 'linux')).toEqual({ file: '/usr/bin/npx.cmd', args, verbatim: false })
  expect(spawnCommand('C:\\node.exe', args, 'win32')).toEqual({ file: 'C:\\node.exe', args, verbatim: false })
})

test('sends batch files through cmd.exe with nothing left for it to interpret', () => {
  expect(spawnCommand('C:\\Program Files\\npx.cmd', ['-y', 'a&calc', '50%'], 'win32')).toEqual({
    file: 'cmd.exe',
    args: ['/d', '/s', '/c', '"C:\\Program^ Files\\npx.cmd ^^^"-y^^^" ^^^"a^^^&calc^^^" ^^^"50^^^%^^^""'],
    verbatim: true,
  })
})

test('refuses a line break, which would start a second command', () => {
  expect(() => spawnCommand('C:\\npx.CMD', ['a\r\ncalc'], 'win32')).toThrowError(
    expect.objectContaining({ code: 'invalid_argument' }),
  )
})
