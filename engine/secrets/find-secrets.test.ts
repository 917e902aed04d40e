import { expect, it } from 'vitest'
import { summaryOf } from '../clients/summary.ts'
import { secretsIn } from './find-secrets.ts'

it.each([
  ['GITHUB_TOKEN', 'ghp_EXAMPLEexampleEXAMPLEexample0000'],
  ['ANYTHING', 'sk-ant-api03-AbCdEfGhIjKlMnOp'],
  ['SLACK', 'xoxb-1234567890-abcdef'],
  ['Authorization', 'Bearer 0123456789abcdef'],
  ['X-Custom', 'Bearer 0123456789abcdef'],
  ['Authorization', 'Bearer ${PREFIX}0123456789abcdef'],
  ['DB_PASSWORD', 'hunter2'],
  ['MY_SECRET', 'correct horse'],
  ['X-Api-Key', 'abcd1234'],
  ['SIGNING_KEY', 'q8Zr2LmX0vTbK4'],
  ['DATABASE_URL', 'postgres://ada:pass@db.example/x'],
  ['JWT', 'eyJhbGciOiJIUzI1.eyJzdWIiOiIxMjM0.sig'],
])('flags %s: %s', (name, value) => {
  expect(secretsIn({ command: 'x', env: { [name]: value } })).toEqual([`env.${name}`])
})

it.each([
  ['GITHUB_TOKEN', '${GITHUB_TOKEN}'],
  ['GITHUB_TOKEN', '${GITHUB_TOKEN:-ghp_EXAMPLEexampleEXAMPLEexample0000}'],
  ['Authorization', 'Bearer ${TOKEN}'],
  ['GITHUB_TOKEN', ''],
  ['GITHUB_TOKEN', '<your token>'],
  ['API_KEY', 'YOUR_API_KEY'],
  ['MAX_TOKENS', '4096000'],
  ['TOKEN_FILE', '/run/secrets/token'],
  ['SSL_KEY', '/etc/ssl/private/key.pem'],
  ['API_KEY_NAME', 'production-key'],
  ['KEYBOARD', 'dvorak-international'],
  ['PRIMARY_KEY', 'identifier'],
  ['MONKEY', 'see'],
  ['DATABASE_URL', 'postgres://db.example/x'],
  ['DATABASE_URL', 'postgres://ada:${DB_PASSWORD}@db.example/x'],
  ['SECRET_ENABLED', 'true'],
])('does not flag %s: %s', (name, value) => {
  expect(secretsIn({ command: 'x', env: { [name]: value } })).toEqual([])
})

it('finds secrets in arguments, headers and URLs, and keeps them out of the summary', () => {
  const local = {
    command: 'node',
    args: [
      'a b.js',
      '--token=abcdef123456',
      '--api-key',
      'zyxwvu987654',
      '--root',
      '/tmp/x',
      '-e',
      'GITHUB_TOKEN=ghp_EXAMPLEexampleEXAMPLE',
      '--header',
      'Authorization: Bearer abcdef123456',
      '--token',
      '--verbose',
    ],
  }
  const found = secretsIn(local)
  expect(found).toEqual(['args[1]', 'args[3]', 'args[7]', 'args[9]'])
  expect(summaryOf(local, found)).toBe(
    'node "a b.js" --token=••• --api-key ••• --root /tmp/x -e ••• --header ••• --token --verbose',
  )

  const remote = { url: 'https://h.example/mcp?api_key=abcdef123456', headers: { 'X-Api-Key': 'abcdef123456', A: 'b' } }
  expect(secretsIn(remote)).toEqual(['headers.X-Api-Key', 'url'])
  expect(summaryOf(remote, ['url'])).toBe('https://h.example/mcp')
})
