import { expect, test } from 'vitest'
import type { ServerId } from '../../shared/ids.ts'
import { TestChild } from '../links/test-child.ts'
import { SignIn } from './sign-in.ts'

const id = 'protected' as ServerId

test('a sign-in that nobody comes back from is given up, and taken no more', async () => {
  await using authority = TestChild.own('authorization-server.mjs')
  await using server = TestChild.own('protected-http.mjs', await authority.url())
  const url = `${await server.url()}/mcp`
  const { promise: givenUp, resolve } = Promise.withResolvers<unknown>()
  using signIn = new SignIn({
    vault: null,
    learn: () => {},
    remote: async () => ({ url, headers: {} }),
    ownUrl: () => 'http://127.0.0.1:7420',
    changed: (status) => {
      if (status.status === 'signed_out' && status.failure !== null) resolve(status.failure.code)
    },
    signedIn: () => {},
    log: () => {},
    waitMs: 1,
  })
  const { searchParams } = new URL((await signIn.start(id)).url)
  expect(await givenUp).toBe('sign_in_timeout')
  const late = new URLSearchParams({ state: searchParams.get('state')!, code: 'late' })
  expect(await signIn.finish(late)).toMatchObject({ status: 403 })
  expect(signIn.cancel(id)).toBe(false)
})
