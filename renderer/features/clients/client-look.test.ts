import { expect, test } from 'vitest'
import type { ClientSighting } from '../../../shared/client.ts'
import { clientLook } from './client-look.ts'

const seen = { last_at: '2026-11-22T10:00:00.000Z' } as ClientSighting
const at = (hours: number): number => Date.parse(seen.last_at) + hours * 3_600_000

test.each([
  ['Not seen yet', { revoked_at: null, seen: null }, at(0)],
  ['Seen', { revoked_at: null, seen }, at(0)],
  ['Seen', { revoked_at: null, seen }, at(24)],
  ['Quiet', { revoked_at: null, seen }, at(25)],
  ['Revoked', { revoked_at: seen.last_at, seen }, at(0)],
])('%s', (word, client, now) => {
  expect(clientLook(client, now).word).toBe(word)
})
