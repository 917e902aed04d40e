import assert from 'node:assert/strict'
import { TestBrowser } from '../../engine/sign-in/test-browser.ts'
import type { Bench } from './bench.ts'

/** Twenty calls ask the authorization server about twenty tokens, twice; all in one process of its own. */
const renewalMs = 20_000

/** Signs in as a person would, on the pages of the authorization server. */
async function signIn(bench: Bench): Promise<void> {
  const { status, body } = await bench.engine.request('POST', `/servers/${bench.id}/sign-in`)
  assert.equal(status, 200, JSON.stringify(body))
  const landed = await TestBrowser.lands(await new TestBrowser().allows(body.url))
  assert.equal(landed.status, 200, landed.text)
}

/** A real authorization server and a server behind it: what follows a 401, a 403 and a renewal that is refused. */
export async function signsInAndStaysSo(bench: Bench): Promise<void> {
  const issuer = await bench.listen('authorization-server')
  const url = await bench.listen('protected-http', issuer)
  const grants = async (): Promise<string[]> => (await fetch(`${issuer}/test/requests`)).json() as Promise<string[]>
  await bench.ask('stop')
  await bench.becomes({ state: 'stopped' })
  await bench.configure({ type: 'http', url: `${url}/mcp`, signalbox: { era: 'legacy' } })
  await bench.ask('start')
  await bench.becomes({ state: 'needs_sign_in', code: 'needs_sign_in', message: /asks for a sign-in/ })
  await signIn(bench)
  await bench.becomes({ state: 'ready' })

  await fetch(`${url}/test/forget`, { method: 'POST' })
  const calls = await Promise.all(Array.from({ length: 20 }, () => bench.call('whoami', {}, renewalMs)))
  for (const call of calls) bench.holds(await bench.ended(call, renewalMs), { tool: 'whoami', status: 'completed' })
  assert.deepEqual(await grants(), ['authorization_code', 'refresh_token'], 'one renewal for twenty callers')

  await bench.answers({ tool: 'write', status: 'failed', code: 'needs_sign_in', message: /lacks the scope mcp:write/ })
  await bench.answers({ tool: 'whoami', status: 'completed' })
  await signIn(bench)
  await bench.answers({ tool: 'write', status: 'completed' })

  await fetch(`${url}/test/refuse?times=1000`, { method: 'POST' })
  await bench.answers({ tool: 'whoami', status: 'failed', code: 'needs_sign_in' })
  await bench.becomes({
    state: 'needs_sign_in',
    code: 'needs_sign_in',
    message: /refuses a sign-in that was just renewed/,
  })
  const renewals = (await grants()).length
  await bench.ask('start')
  await bench.becomes({ state: 'needs_sign_in' })
  assert.equal((await grants()).length, renewals, 'nothing is renewed that has ended')
}
