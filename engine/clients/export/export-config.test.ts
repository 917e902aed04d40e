import { describe, expect, it } from 'vitest'
import { parse as parseYaml } from 'yaml'
import { exportedConfigSchema } from '../../../shared/export-contract.ts'
import type { ServerId } from '../../../shared/ids.ts'
import { programIdSchema } from '../../../shared/import.ts'
import { parseEntry } from '../../config/parse-entry.ts'
import { decodeText } from '../decode-text.ts'
import { knownPrograms } from '../programs.ts'
import { exportConfig } from './export-config.ts'

const entries = {
  git: {
    command: 'git-mcp',
    args: ['-v', '--token=ghp_0123456789abcdefghij'],
    cwd: '/srv',
    signalbox: { timeout_ms: 5 },
  },
  github: {
    command: 'npx',
    args: ['-y', 'github-mcp'],
    env: {
      GITHUB_TOKEN: '${secret:github token}',
      LOG: 'info',
      API_KEY: 'sk-0123456789abcdefghij',
      HOST: '${HOST:-a}',
    },
  },
  docs: {
    type: 'http',
    url: 'https://docs.example/mcp?api_key=k3yk3yk3yk3yABCDEF01',
    headers: { Authorization: 'Bearer ${secret:docs}', 'X-Team': 'blue' },
  },
  old: { type: 'sse', url: 'https://old.example/sse' },
  broken: { command: 7 },
}
const specs = Object.entries(entries).map(([id, entry], index) => parseEntry(id as ServerId, index + 1, entry))
const secrets = ['ghp_0123456789abcdefghij', 'sk-0123456789abcdefghij', 'k3yk3yk3yk3yABCDEF01']

const exported = (program?: (typeof knownPrograms)[number]['id']) =>
  exportConfig({ format: 'mcp_servers', program, specs, url: 'http://127.0.0.1:7420' })
const read = (program?: (typeof knownPrograms)[number]['id']): Record<string, Record<string, unknown>> => {
  const syntax = knownPrograms.find(({ id }) => id === program)?.syntax ?? 'jsonc'
  const decoded = decodeText(exported(program).text, syntax)
  if (decoded.kind === 'problem') throw new Error(decoded.problem.message)
  return Object.values(structuredClone(decoded.value) as object)[0]
}

describe('the set as mcpServers', () => {
  it('has variables in the place of secrets, and nothing of our own', () => {
    expect(JSON.parse(exported().text)).toEqual({
      mcpServers: {
        git: { command: 'git-mcp', args: ['-v', '--token=${GIT_ARGS_1}'], cwd: '/srv' },
        github: {
          command: 'npx',
          args: ['-y', 'github-mcp'],
          env: { GITHUB_TOKEN: '${GITHUB_TOKEN}', LOG: 'info', API_KEY: '${API_KEY}', HOST: '${HOST:-a}' },
        },
        docs: {
          type: 'http',
          url: 'https://docs.example/mcp?api_key=${DOCS_API_KEY}',
          headers: { Authorization: 'Bearer ${DOCS}', 'X-Team': 'blue' },
        },
        old: { type: 'sse', url: 'https://old.example/sse' },
      },
    })
  })

  it('names each place that must be filled, and what is left out', () => {
    const { placeholders, notes } = exported()
    expect(placeholders).toEqual([
      { server: 'git', at: 'args[1]', name: 'GIT_ARGS_1' },
      { server: 'github', at: 'env.API_KEY', name: 'API_KEY' },
      { server: 'github', at: 'env.GITHUB_TOKEN', name: 'GITHUB_TOKEN' },
      { server: 'docs', at: 'url', name: 'DOCS_API_KEY' },
      { server: 'docs', at: 'headers.Authorization', name: 'DOCS' },
    ])
    expect(notes).toEqual([{ server: 'broken', text: expect.stringContaining('left out: ') }])
  })

  it.each(programIdSchema.options)('for %s holds no secret, answers by the contract and reads back', (program) => {
    const config = exported(program)
    expect(exportedConfigSchema.parse(config)).toEqual(config)
    for (const secret of secrets) expect(config.text).not.toContain(secret)
    expect(config.text).not.toContain('secret:')
    const { format } = knownPrograms.find(({ id }) => id === program)!
    const top = knownPrograms.find(({ id }) => id === program)!
    const decoded = decodeText(config.text, top.syntax)
    const found = format(decoded.kind === 'value' ? decoded.value : null, {
      userHome: '/home/ada',
      platform: 'linux',
      projectDir: null,
    })
    const left = new Set(
      config.notes.filter(({ text }) => text.startsWith('left out')).map(({ server }) => String(server)),
    )
    expect(found.map(({ name }) => name)).toEqual(Object.keys(entries).filter((id) => !left.has(id)))
    for (const { name, entry, problem } of found) {
      expect([name, problem]).toEqual([name, null])
      const isFoundOut = config.notes.some(({ server, text }) => server === name && text.includes('finds out'))
      const { transport } = specs.find(({ id }) => id === name)!
      expect(parseEntry(name as ServerId, 1, entry).transport).toBe(isFoundOut ? 'http' : transport)
    }
  })

  it('speaks the words of each program', () => {
    expect(read('cursor').github!.env).toMatchObject({ API_KEY: '${env:API_KEY}', HOST: 'a' })
    expect(read('windsurf').docs).toEqual({
      serverUrl: 'https://docs.example/mcp?api_key=${env:DOCS_API_KEY}',
      headers: { Authorization: 'Bearer ${env:DOCS}', 'X-Team': 'blue' },
    })
    expect(read('claude-desktop').git!.args).toEqual(['-v', '--token=<GIT_ARGS_1>'])
    expect(read('claude-desktop')).not.toHaveProperty('docs')
    expect(read('gemini').old).toEqual({ url: 'https://old.example/sse' })
    expect(read('gemini').docs).toHaveProperty('httpUrl')
    expect(read('codex').github).toEqual({
      command: 'npx',
      args: ['-y', 'github-mcp'],
      env: { LOG: 'info', HOST: 'a' },
      env_vars: ['GITHUB_TOKEN', 'API_KEY'],
    })
    expect(read('codex').docs).toEqual({
      url: 'https://docs.example/mcp?api_key=<DOCS_API_KEY>',
      bearer_token_env_var: 'DOCS',
      http_headers: { 'X-Team': 'blue' },
    })
    expect(read('goose').github).toMatchObject({
      type: 'stdio',
      cmd: 'npx',
      envs: { LOG: 'info', HOST: 'a' },
      env_keys: ['GITHUB_TOKEN', 'API_KEY'],
    })
    expect(read('cline').docs!.type).toBe('streamableHttp')
    expect(read('vscode').github!.type).toBe('stdio')
  })
})

describe('the integrations file', () => {
  it('keeps its field names', () => {
    const { text, file_name } = exportConfig({ format: 'integrations', specs, url: 'http://127.0.0.1:7420' })
    expect(file_name).toBe('integrations.yaml')
    expect(text).toBe(`integrations:
  mcp_servers:
    - git
    - github
    - docs
    - old
  apis:
    - rest: http://127.0.0.1:7420/api/v1
    - websocket: ws://127.0.0.1:7420/rpc
  databases:
    - sqlite: primary
    - sqlite: logs
`)
  })

  it('has empty lists where there is nothing', () => {
    const { text } = exportConfig({ format: 'integrations', specs: [], url: null })
    expect(parseYaml(text)).toEqual({
      integrations: { mcp_servers: [], apis: [], databases: [{ sqlite: 'primary' }, { sqlite: 'logs' }] },
    })
  })
})
