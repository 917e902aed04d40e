import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { TestBrowser } from '../../engine/sign-in/test-browser.ts'
import type { Program } from '../program.ts'
import type { Planted } from './planted-secrets.ts'

/** What Signalbox itself gives out or is given: as secret as what its owner entrusts to it. */
export interface Issued {
  /** Told to everybody by a server that got hold of them. */
  readonly told: Planted[]
  /** No server can have them; they shall stand nowhere all the same. */
  readonly untold: Planted[]
}

/** Has a running program issue every kind of token that it knows, and sign in to a server. */
export async function issuedTokens(program: Program): Promise<Issued> {
  const { body: issued } = await program.request('POST', '/clients', { name: 'script' })
  const { body: rotated } = await program.request('POST', `/clients/${issued.client.id}/rotate`)
  const { body: connected } = await program.request('POST', '/clients/ensure', { name: 'bridge' })
  const signing = await program.get('/callbacks/signing-key')
  const { body: gitHub } = await program.request('POST', '/webhook-sources', { name: 'octo' })
  const standard = { name: 'standard', signing: { kind: 'standard' } }
  const { body: byTheStandard } = await program.request('POST', '/webhook-sources', standard)
  const link = await program.pageLink()
  const { headers } = await fetch(link, { redirect: 'manual' })
  const secret = (name: string, value: unknown): Planted => ({ name, value: String(value), holder: 'vault' })
  return {
    told: [
      secret('the owner token', program.token),
      secret('the token of a client', rotated.token),
      secret('the token that a client had before', issued.token),
      secret('the token of a bridge', connected.token),
      secret('the key that callbacks are signed with', signing.key),
      secret('the secret of a source of webhooks', gitHub.secret),
      secret('the secret of a source by Standard Webhooks', byTheStandard.secret),
      ...(await tokensOfSignIn(program)).map((token, index) => secret(`token ${index} of a sign-in`, token)),
    ],
    untold: [
      secret('a link to the page', link.split('/').at(-1)),
      secret('a session of the page', /=([^;]+)/.exec(headers.get('set-cookie') ?? '')![1]),
    ],
  }
}

/** Signs in to a server behind a real authorization server; the access and refresh token that came of it. */
async function tokensOfSignIn(program: Program): Promise<string[]> {
  await using stack = new AsyncDisposableStack()
  const issuer = await listening(stack, 'authorization-server')
  const url = await listening(stack, 'protected-http', issuer)
  const entry = { type: 'http', url: `${url}/mcp`, signalbox: { era: 'legacy' } }
  await program.request('PUT', '/servers/guarded/config', { entry })
  await program.request('POST', '/servers/guarded/start?wait_s=60')
  const { body: asked } = await program.request('POST', '/servers/guarded/sign-in')
  const landed = await TestBrowser.lands(await new TestBrowser().allows(asked.url))
  assert.equal(landed.status, 200, landed.text)
  const { body } = await program.request('POST', '/servers/guarded/start?wait_s=60')
  assert.equal(body.state, 'ready', body.reason)
  await program.task(await program.call('guarded', 'whoami', {}))
  const tokens = (await (await fetch(`${issuer}/test/tokens`)).json()) as string[]
  assert.ok(tokens.length >= 2, `${tokens.length} tokens came of the sign-in`)
  await program.request('POST', '/servers/guarded/stop?wait_s=30')
  return tokens
}

async function listening(stack: AsyncDisposableStack, name: string, ...args: string[]): Promise<string> {
  const file = resolve(`test-servers/${name}.mjs`)
  const child = spawn(process.execPath, [file, ...args], { stdio: ['pipe', 'pipe', 'inherit'] })
  stack.defer(() => ended(child))
  for await (const line of createInterface(child.stdout)) {
    const url = /^listening (\S+)/.exec(line)?.[1]
    if (url !== undefined) return url
  }
  throw new Error(`${name} ended before it listened`)
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return
  const exited = once(child, 'exit')
  child.stdin?.end()
  await exited
}
