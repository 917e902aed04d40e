import { expect, test } from 'vitest'
import { answeredWords, freeSecretName, repositoryOf } from './missed-words.ts'

test('the repository is that of the last webhook that told of one', () => {
  const about = (...texts: (string | null)[]) => texts.map((text) => ({ about: text }))
  expect(repositoryOf(about(null, 'billing', 'octo/demo.js#12', 'acme/api#7'))).toBe('octo/demo.js')
  expect(repositoryOf(about('octo/demo'))).toBe('')
  expect(repositoryOf([])).toBe('')
})

test('a token that is entered takes no name of another', () => {
  expect(freeSecretName(['OTHER'])).toBe('GITHUB_TOKEN')
  expect(freeSecretName(['GITHUB_TOKEN', 'GITHUB_TOKEN_2'])).toBe('GITHUB_TOKEN_3')
})

test('what GitHub got is said in words', () => {
  expect([null, 401, 503].map((answered) => answeredWords({ answered }))).toEqual([
    'nobody answered',
    'refused, 401',
    'answered 503',
  ])
})
