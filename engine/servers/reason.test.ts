import { expect, test } from 'vitest'
import type { ServerState } from '../../shared/server.ts'
import { reasonOf } from './reason.ts'

const failure = (message: string) => ({ code: 'any', message, hint: null })

test.each<[ServerState, string | null]>([
  [{ state: 'ready' }, null],
  [{ state: 'starting', step: 'handshake' }, 'handshake, 4 of 5'],
  [{ state: 'starting', step: 'first_byte' }, 'first byte, 3 of 5'],
  [{ state: 'backing_off', until: '', attempt: 3, failure: failure('') }, '3rd try follows'],
  [{ state: 'backing_off', until: '', attempt: 12, failure: failure('') }, '12th try follows'],
  [{ state: 'failed', failure: failure('uvx is not on PATH; looked in 14 folders') }, 'uvx is not on PATH'],
  [{ state: 'failed', failure: failure('Folder C:\\notes does not exist') }, 'folder C:\\notes does not exist'],
  [
    { state: 'crash_looping', exits: 5, failure: failure('Exited with code 3: API_KEY missing') },
    'exited with code 3, 5 times',
  ],
  [{ state: 'needs_secret', names: ['a'], failure: failure('') }, 'a is not in the vault'],
  [{ state: 'needs_secret', names: ['a', 'b'], failure: failure('') }, 'a, b are not in the vault'],
  [{ state: 'stopping', rung: 'sigterm' }, 'sent SIGTERM'],
])('says of %j: %s', (state, reason) => {
  expect(reasonOf(state)).toBe(reason)
})

test('says that a start waits its turn', () => {
  expect(reasonOf({ state: 'starting', step: 'resolve' }, { isQueued: true })).toBe('waits its turn')
})

test('says that a command which downloads its package is installing it', () => {
  expect(reasonOf({ state: 'starting', step: 'first_byte' }, { isInstalling: true })).toBe('installing, 3 of 5')
})
