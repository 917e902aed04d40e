import { expect, test } from 'vitest'
import type { ServerId } from '../../../shared/ids.ts'
import { type ListedServer, ResourceTable } from './resource-table.ts'

function server(id: string, uris: string[], templates: string[] = [], pages: string[] = []): ListedServer {
  return {
    id: id as ServerId,
    listing: {
      resources: uris.map((uri) => ({ uri })),
      resourceTemplates: templates.map((uriTemplate) => ({ uriTemplate })),
      tools: pages.map((resourceUri, index) => ({ name: `tool-${index}`, _meta: { ui: { resourceUri } } })),
    },
  }
}

const to = (id: string, uri: string) => ({ server: id, uri })
const [a, b] = ['a', 'b'] as ServerId[]

test('the first server that lists an address keeps it; the next is served under our own scheme', () => {
  const table = new ResourceTable([server('a', ['test://x']), server('b', ['test://x', 'test://y'])])
  const served = [table.servedUri(a!, 'test://x'), table.servedUri(b!, 'test://x'), table.servedUri(b!, 'test://y')]
  expect(served).toEqual(['test://x', 'signalbox://b/test://x', 'test://y'])
  expect(served.map((uri) => table.targets(uri))).toEqual([
    [to('a', 'test://x')],
    [to('b', 'test://x')],
    [to('b', 'test://y')],
  ])
})

test('templates lead to the servers that describe an address, colliding ones under our own scheme', () => {
  const template = 'demo://{kind}/{id}'
  const table = new ResourceTable([server('a', [], [template]), server('b', [], [template, 'file:///{+path}'])])
  expect(table.servedTemplate(b!, template)).toBe('signalbox://b/demo://{kind}/{id}')
  expect(table.targets('demo://text/7')).toEqual([to('a', 'demo://text/7')])
  expect(table.targets('signalbox://b/demo://text/7')).toEqual([to('b', 'demo://text/7')])
  expect(table.targets('file:///deep/down.txt')).toEqual([to('b', 'file:///deep/down.txt')])
})

test('the page of a tool leads to its server though it is listed nowhere, and two of one address do not mix', () => {
  const table = new ResourceTable([server('a', [], [], ['ui://view']), server('b', [], [], ['ui://view'])])
  expect(table.targets('ui://view')).toEqual([to('a', 'ui://view')])
  expect(table.targets(table.servedUri(b!, 'ui://view'))).toEqual([to('b', 'ui://view')])
})

test('an address that nobody named is told to servers of its scheme alone', () => {
  const table = new ResourceTable([server('a', ['test://x']), server('b', ['demo://x']), server('c', ['demo://y'])])
  expect(table.targets('demo://z').map(({ server: id }) => id)).toEqual(['b', 'c'])
  expect(table.targets('other://z')).toEqual([])
})
