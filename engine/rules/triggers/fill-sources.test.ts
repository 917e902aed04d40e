import { expect, test } from 'vitest'
import { Masker } from '../../secrets/masker.ts'
import { memoryVault } from '../../secrets/memory-vault.ts'
import { fillSources } from './fill-sources.ts'

test('secrets and variables are filled in, a password as a URL wants it, and masked from then on', async () => {
  const masker = new Masker()
  const vault = memoryVault(new Map([['PG', 'p@ss/word:1']]))
  const host = { env: { PGHOST: 'db.lan' }, vault }
  const text = 'postgres://me:${secret:PG}@${PGHOST}/orders'
  expect(await fillSources(text, { host, masker })).toBe('postgres://me:p%40ss%2Fword%3A1@db.lan/orders')
  expect(masker.text('it is p@ss/word:1')).not.toContain('p@ss/word:1')
  await expect(fillSources('postgres://${secret:NONE}@x/y', { host, masker })).rejects.toMatchObject({
    code: 'secret_missing',
  })
})
