import { expect, it } from 'vitest'
import { moveSecrets } from './move-secrets.ts'

it('puts a name in place of every plaintext secret, and no other text', () => {
  const entry = {
    command: 'npx',
    args: ['-y', 'server', '--api-key=hunter2hunter2', '--token', 'ghp_EXAMPLEexampleEXAMPLEexample0000'],
    env: { GITHUB_TOKEN: 'ghp_EXAMPLEexampleEXAMPLEexample0000', DB_PASSWORD: 'letmein', LEVEL: 'debug' },
  }
  const remote = { url: 'https://example.test/mcp', headers: { Authorization: 'Bearer 0123456789abcdef' } }
  const moved = moveSecrets(
    [
      { id: 'git hub', entry },
      { id: 'far', entry: remote },
    ],
    new Set(['DB_PASSWORD']),
  )
  expect(moved.entries.map(({ entry }) => entry)).toEqual([
    {
      command: 'npx',
      args: ['-y', 'server', '--api-key=${secret:git_hub_args_2}', '--token', '${secret:GITHUB_TOKEN}'],
      env: { GITHUB_TOKEN: '${secret:GITHUB_TOKEN}', DB_PASSWORD: '${secret:git_hub_DB_PASSWORD}', LEVEL: 'debug' },
    },
    { url: 'https://example.test/mcp', headers: { Authorization: 'Bearer ${secret:far_Authorization}' } },
  ])
  expect([...moved.values]).toEqual([
    ['GITHUB_TOKEN', 'ghp_EXAMPLEexampleEXAMPLEexample0000'],
    ['git_hub_DB_PASSWORD', 'letmein'],
    ['git_hub_args_2', 'hunter2hunter2'],
    ['far_Authorization', '0123456789abcdef'],
  ])
})

it('leaves what names a secret already as it is', () => {
  const entries = [{ id: 'a', entry: { command: 'x', env: { API_KEY: '${secret:API_KEY}', TOKEN: '${TOKEN}' } } }]
  expect(moveSecrets(entries, new Set())).toEqual({ entries, values: new Map() })
})
