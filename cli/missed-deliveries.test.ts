import { spawnSync } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { expect, test, vi } from 'vitest'
import { issuesPayload } from '../engine/webhooks/github-samples.ts'
import { startGitHubStandIn } from '../engine/webhooks/test-github.ts'
import { withClient } from './client.ts'
import { cliModule, runCli } from './test-run.ts'
import { startServe, temporaryHome } from './test-serve.ts'

test('the commands of the guide find what GitHub sent while nobody answered, and have it sent once more', async () => {
  await using folder = await temporaryHome()
  const { home } = folder
  await using serving = await startServe(home)
  await using gitHub = await startGitHubStandIn('of-octo')
  await withClient(home, async (client) => {
    const { secret } = await client.webhooks.createSource({ name: 'octo' })
    await gitHub.setHook({ url: `${serving.url}/webhooks/github`, secret })
    await client.settings.set({ allowed_targets: [new URL(gitHub.url).host] })
  })
  await gitHub.happens('issues', issuesPayload('opened'))

  const [store, list, again] = await commandsOfGuide()
  await typed(store!, { TOKEN: 'of-octo', SIGNALBOX_HOME: home })
  const words = (line: string): string[] => [...line.split(' ').slice(1), '--api', gitHub.url, '--home', home]
  const found = await runCli(words(list!))
  expect(found).toMatchObject({ code: 0, err: '1 of 1 deliveries of GitHub did not come.\n' })
  expect(found.out).toMatch(/issues opened +nobody/)
  expect((await runCli(words(again!))).out).toMatch(/issues opened +nobody +sent once more/)
  await vi.waitUntil(async () => (await runCli(words(list!))).err.startsWith('0 of 1'), 30_000)
  expect((await runCli(['deliveries', 'missed', 'octo/demo', '--home', home])).code).toBe(2)
  expect((await runCli(['deliveries', 'missed', '../x', '--token', 'GITHUB_TOKEN', '--home', home])).code).toBe(2)
})

async function commandsOfGuide(): Promise<string[]> {
  const guide = await readFile(resolve('docs/guides/webhooks.md'), 'utf8')
  const [, block] = /^```text\n(printf .*?)^```/ms.exec(guide)!
  return block!.trim().split('\n')
}

async function typed(line: string, env: NodeJS.ProcessEnv): Promise<void> {
  const signalbox = `signalbox() { '${process.execPath}' '${cliModule}' "$@"; }`
  const { status, stderr } = spawnSync('bash', ['-c', `${signalbox}\n${line}`], {
    env: { ...process.env, ...env },
    encoding: 'utf8',
  })
  expect([status, stderr]).toEqual([0, ''])
}
