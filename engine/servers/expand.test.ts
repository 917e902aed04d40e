// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders of the configuration are what is tested
import { describe, expect, test } from 'vitest'
import { type ExpansionSources, expandLaunch, expandRemote, expandText, secretNamesOf } from './expand.ts'

const sources: ExpansionSources = {
  variable: (name) => ({ HOME: '/home/ada', EMPTY: '', NESTED: `\${HOME}` })[name],
  secret: (name) => ({ 'github token': 's3cret' })[name],
}

describe('expandText', () => {
  test.each([
    ['plain $HOME stays', 'plain $HOME stays'],
    ['${HOME}/notes', '/home/ada/notes'],
    ['${HOME}:${HOME}', '/home/ada:/home/ada'],
    ['${UNSET:-fallback}', 'fallback'],
    ['${UNSET:-}', ''],
    ['${EMPTY:-fallback}', 'fallback'],
    ['[${EMPTY}]', '[]'],
    ['${HOME:-fallback}', '/home/ada'],
    ['${UNSET:-a:-b c}', 'a:-b c'],
    ['${NESTED}', '${HOME}'],
    ['Bearer ${secret:github token}', 'Bearer s3cret'],
    ['${input:token} ${} ${a.b}', '${input:token} ${} ${a.b}'],
  ])('turns %s into %s', (text, expected) => {
    expect(expandText(text, sources, 'args[0]')).toBe(expected)
  })

  test('names the variable that is missing, and where it is needed', () => {
    expect(() => expandText('${API_KEY}', sources, 'env.KEY')).toThrowError(
      expect.objectContaining({ code: 'variable_missing', data: { name: 'API_KEY', where: 'env.KEY' } }),
    )
  })

  test('names the secret that is missing', () => {
    expect(() => expandText('${secret:other}', sources, 'headers.Authorization')).toThrowError(
      expect.objectContaining({ code: 'secret_missing', data: { name: 'other', where: 'headers.Authorization' } }),
    )
  })
})

test('expands every field of a launch and of a remote', () => {
  const launch = {
    command: '${HOME}/bin/run',
    args: ['${HOME}', '--token=${secret:github token}'],
    env: { DATA: '${HOME}/data' },
    cwd: '${HOME}',
  }
  expect(expandLaunch(launch, sources)).toEqual({
    command: '/home/ada/bin/run',
    args: ['/home/ada', '--token=s3cret'],
    env: { DATA: '/home/ada/data' },
    cwd: '/home/ada',
  })
  const remote = { url: 'https://${HOST:-localhost}/mcp', headers: { Authorization: '${secret:github token}' } }
  expect(expandRemote(remote, sources)).toEqual({
    url: 'https://localhost/mcp',
    headers: { Authorization: 's3cret' },
  })
  expect(secretNamesOf(launch)).toEqual(['github token'])
  expect(secretNamesOf(remote)).toEqual(['github token'])
})
