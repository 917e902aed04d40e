import { createRouterClient } from '@orpc/server'
import { expect, test, vi } from 'vitest'
import { openProgram } from '../api/open-program.ts'
import { keyFileVault } from '../secrets/key-file-sealer.ts'
import { temporaryHost } from '../test-host.ts'
import { issuesPayload, pullRequestPayload } from './github-samples.ts'
import { startGitHubStandIn } from './test-github.ts'

/** A program, the stand-in of GitHub whose webhook sends to it, and a token in the vault. */
async function open() {
  await using stack = new AsyncDisposableStack()
  const gitHub = stack.use(await startGitHubStandIn('of-octo'))
  const temporary = stack.use(await temporaryHost())
  const host = { ...temporary, vault: keyFileVault(temporary.home) }
  const opened = await openProgram({ host, port: 0, pageDir: null })
  if (opened.kind === 'held') throw new Error('the home is held')
  const program = stack.use(opened.program)
  const api = createRouterClient(program.engine.router, { context: { origin: 'api' } })
  const { secret } = await api.webhooks.createSource({ name: 'octo' })
  await gitHub.setHook({ url: `${program.face.url}/webhooks/github`, secret })
  await api.secrets.set({ name: 'GITHUB_TOKEN', value: 'of-octo' })
  await api.settings.set({ allowed_targets: [new URL(gitHub.url).host] })
  const asked = { repository: 'octo/demo', token: 'GITHUB_TOKEN', api_url: gitHub.url } as const
  const owned = stack.move()
  return { program, api, gitHub, asked, [Symbol.asyncDispose]: () => owned.disposeAsync() }
}

test('what GitHub sent while nobody answered is found, sent once more, proven and told; what came is left alone', async () => {
  await using all = await open()
  const { program, api, gitHub, asked } = all
  const heard: string[] = []
  using _listening = program.engine.bus.subscribe('all', ({ name }) => void heard.push(name))
  await gitHub.happens('issues', issuesPayload('opened', { number: 1 }), true)
  for (const number of [2, 3]) await gitHub.happens('issues', issuesPayload('opened', { number }))
  await gitHub.happens('pull_request', pullRequestPayload('opened'))

  const found = await api.webhooks.missed(asked)
  expect(found).toMatchObject({ hook_id: 1, looked_at: 4, is_cut: false })
  expect(found.items.map(({ event, action, answered, asked }) => [event, action, answered, asked])).toEqual([
    ['pull_request', 'opened', null, false],
    ['issues', 'opened', null, false],
    ['issues', 'opened', null, false],
  ])
  // The stand-in keeps back the pull request as too old: the others are sent all the same.
  const sent = await api.webhooks.missed({ ...asked, redeliver: true })
  expect(sent.items.map(({ asked, failure }) => [asked, failure?.code])).toEqual([
    [false, 'github_refused'],
    [true, undefined],
    [true, undefined],
  ])
  await vi.waitUntil(() => heard.filter((name) => name === 'github.issue.created').length === 3)
  expect((await api.webhooks.missed(asked)).items.map(({ event }) => event)).toEqual(['pull_request'])
  const { items } = await api.webhooks.deliveries({})
  expect(items.map(({ verdict, sent_id }) => [verdict, sent_id])).toEqual([
    ['accepted', sent.items[2]!.sent_id],
    ['accepted', sent.items[1]!.sent_id],
    ['accepted', expect.any(String)],
  ])
})

test('what came and was not proven is as missed as what did not come', async () => {
  await using all = await open()
  const { program, api, gitHub, asked } = all
  await gitHub.setHook({ url: `${program.face.url}/webhooks/github`, secret: 'the secret of somebody else' })
  await gitHub.happens('issues', issuesPayload('opened'), true)
  expect((await api.webhooks.missed(asked)).items).toMatchObject([{ event: 'issues', answered: 401 }])
})

test('why GitHub cannot be asked is said, and the token is in none of it', async () => {
  await using all = await open()
  const { program, api, gitHub, asked } = all
  await expect(api.webhooks.missed({ ...asked, token: 'NONE' })).rejects.toMatchObject({ code: 'secret_missing' })
  await gitHub.setHook({ url: 'https://example.com/elsewhere', secret: 'x' })
  await expect(api.webhooks.missed(asked)).rejects.toMatchObject({ code: 'github_hook_unclear', status: 409 })
  const other = { ...asked, repository: 'octo/other', hook_id: 1 }
  await expect(api.webhooks.missed(other)).rejects.toMatchObject({ code: 'github_refused', message: /\(404\)/ })
  await api.secrets.set({ name: 'GITHUB_TOKEN', value: 'a-wrong-token' })
  const wrong = api.webhooks.missed({ ...asked, hook_id: 1 })
  await expect(wrong).rejects.toMatchObject({ code: 'github_refused', message: /token in GITHUB_TOKEN \(401\)/ })
  // An address of this machine is called for nobody unless its owner allowed it.
  await api.settings.set({ allowed_targets: [] })
  await expect(api.webhooks.missed(asked)).rejects.toMatchObject({ code: 'target_refused' })
  expect(JSON.stringify(await program.engine.hub.snapshot)).not.toContain('a-wrong-token')
})
