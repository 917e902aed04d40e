import fc from 'fast-check'
import { expect, test } from 'vitest'
import { longestName, shownNames, slugsOf } from './names.ts'

const ids = fc.uniqueArray(
  fc.oneof(fc.string({ minLength: 1 }), fc.constantFrom('a', 'A', 'a.b', 'a b', 'a_b', 'git')),
  {
    maxLength: 8,
  },
)
const tools = fc.uniqueArray(fc.oneof(fc.string(), fc.stringMatching(/^[a-z._-]{1,80}$/)), { maxLength: 12 })

test('a slug is made of the id, or stands in the entry', () => {
  const slugs = slugsOf([
    { id: 'git', slug: null },
    { id: 'My Files (home)', slug: null },
    { id: 'long', slug: 'l' },
    { id: 'an-identifier-that-goes-on-and-on', slug: null },
    { id: '日本', slug: null },
  ])
  expect([...slugs.values()]).toEqual(['git', 'my-files-home', 'l', 'an-identifier-1bdf72', 'server-cf2abf'])
})

test('no two servers share a slug, in whatever order they stand', () => {
  fc.assert(
    fc.property(ids, (all) => {
      const servers = all.map((id) => ({ id, slug: null }))
      const slugs = slugsOf(servers)
      expect(new Set([...slugs.values()].map((slug) => slug.toLowerCase())).size).toBe(all.length)
      expect(slugsOf(servers.toReversed())).toEqual(new Map([...slugs].reverse()))
    }),
  )
})

test('names are plain, short and unlike each other, and each depends on its own tool alone', () => {
  fc.assert(
    fc.property(tools, (all) => {
      const shown = shownNames('a-slug', all)
      expect([...shown.keys()].toSorted()).toEqual(all.toSorted())
      expect(new Set(shown.values()).size).toBe(all.length)
      for (const [tool, name] of shown) {
        expect(name).toMatch(/^a-slug_[A-Za-z0-9_-]*$/)
        expect(name.length).toBeLessThanOrEqual(longestName)
        expect(shownNames('a-slug', [tool]).get(tool)).toBe(name)
      }
    }),
  )
})

test('what is too long keeps both its ends', () => {
  const [name] = shownNames('git', ['create_a_pull_request_for_the_current_branch_and_assign_reviewers']).values()
  expect(name).toMatch(/^git_create_a_pull_requ.*-[0-9a-f]{6}-.*assign_reviewers$/)
})

test('a slug that is held stays, whoever comes with the same wish, and goes with the wish', () => {
  const held = new Map([['first', 'git']])
  const [first, second] = [
    { id: 'first', slug: 'git' },
    { id: 'second', slug: 'GIT' },
  ]
  const both = slugsOf([second, first], held)
  expect(both.get('first')).toBe('git')
  const marked = both.get('second')!
  expect(marked).toMatch(/^GIT-[0-9a-f]{6}$/)
  // Once held, a marked slug stays as well: to take the plain one over would rename its tools.
  expect(slugsOf([second], new Map([['second', marked]]))).toEqual(new Map([['second', marked]]))
  expect(slugsOf([second])).toEqual(new Map([['second', 'GIT']]))
  // Whoever asks for another one gives the first away, to those who come after.
  expect(slugsOf([{ id: 'first', slug: 'other' }, second], held)).toEqual(
    new Map([
      ['first', 'other'],
      ['second', 'GIT'],
    ]),
  )
  // Who is not here yet may still come.
  expect(slugsOf([second], held).get('second')).toBe(marked)
})
