import { expect, test } from 'vitest'
import type { Profile } from '../../shared/client.ts'
import type { ServerId } from '../../shared/ids.ts'
import type { Tool } from '../../shared/server.ts'
import { Catalog, type CatalogServer } from './catalog.ts'

const tool = (name: string, rest: object = {}): Tool => ({
  name,
  'x-unknown': 1.5,
  inputSchema: { type: 'object' },
  ...rest,
})
const server = (id: string, tools: Tool[], rest: Partial<CatalogServer> = {}): CatalogServer => ({
  id: id as ServerId,
  slug: null,
  closed: null,
  tools,
  heldTools: [],
  ...rest,
})
const all = { scope: { kind: 'all' }, hasApps: false } as const
const onlyGit: Profile = {
  id: 'git',
  name: 'Git',
  others: 'off',
  servers: [{ server: 'git', is_on: true, tools_off: ['push'] }],
} as unknown as Profile

const catalog = new Catalog([
  server('git', [tool('status'), tool('push'), tool('fresh')], { heldTools: ['fresh'] }),
  server('files', [tool('read'), tool('app-only', { _meta: { ui: { visibility: ['app'] } } })]),
  server('off', [tool('x')], { closed: 'off' }),
])

test('tools stand in the order of servers and lists, without those that are held, off, or for Apps alone', () => {
  const names = catalog.tools({ ...all, profile: null }).map(({ name }) => name)
  expect(names).toEqual(['git_status', 'git_push', 'files_read'])
  const withApps = catalog.tools({ ...all, hasApps: true, profile: null }).map(({ name }) => name)
  expect(withApps).toEqual([...names, 'files_app-only'])
  expect(catalog.tools({ ...all, profile: onlyGit }).map(({ name }) => name)).toEqual(['git_status'])
})

test('a name means its tool for those who may call it, and nothing for others', () => {
  const find = (profile: Profile | null, name: string) => catalog.find({ ...all, profile }, name)?.tool ?? null
  expect(find(null, 'git_push')).toBe('push')
  expect(find(onlyGit, 'git_push')).toBe(null)
  expect(find(null, 'git_fresh')).toBe(null)
  expect(find(null, 'push')).toBe(null)
  expect(find(null, 'files_app-only')).toBe('app-only')
  const scope = { kind: 'server', server: 'git' as ServerId } as const
  expect(catalog.find({ scope, profile: null }, 'push')?.tool).toBe('push')
  expect(catalog.find({ scope, profile: null }, 'read')).toBe(null)
})

const asItIs = (_: ServerId, uri: string) => uri

test('a list is the definitions as they are, under their names', () => {
  expect(JSON.parse(catalog.listText({ ...all, profile: onlyGit }, asItIs))).toEqual([tool('git_status')])
  const scope = { kind: 'server', server: 'git' as ServerId } as const
  expect(JSON.parse(catalog.listText({ scope, hasApps: false, profile: onlyGit }, asItIs))).toEqual([tool('status')])
})

test('why a tool is missing names the link that broke', () => {
  const because = (profile: Profile | null, id: string, name: string) => {
    const verdict = catalog.explain(profile, id as ServerId, name)
    return verdict.kind === 'served' ? verdict.name : verdict.because
  }
  expect(because(null, 'git', 'push')).toBe('git_push')
  expect(because(null, 'nobody', 'x')).toBe('unknown_server')
  expect(because(null, 'off', 'x')).toBe('off')
  expect(because(null, 'git', 'x')).toBe('unknown_tool')
  expect(because(null, 'git', 'fresh')).toBe('held')
  expect(because(onlyGit, 'git', 'push')).toBe('tool_not_granted')
  expect(because(onlyGit, 'files', 'read')).toBe('server_not_granted')
})
