import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { keyFileVault } from './key-file-sealer.ts'

let home: string
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'signalbox-vault-'))
})
afterEach(() => rm(home, { recursive: true }))

describe('the vault with a key file', () => {
  it('keeps secrets sealed over a restart, in files for their owner only', async () => {
    const vault = keyFileVault(home)
    await Promise.all([vault.set('TOKEN', 'swordfish'), vault.set('__proto__', 'ñ'), vault.set('OLD', 'x')])
    expect(await vault.delete('OLD')).toBe(true)
    expect(await vault.delete('OLD')).toBe(false)

    const again = keyFileVault(home)
    expect([
      await again.names(),
      await again.get('TOKEN'),
      await again.get('__proto__'),
      await again.get('OLD'),
    ]).toEqual([['TOKEN', '__proto__'], 'swordfish', 'ñ', null])
    for (const file of ['secrets.json', 'secrets.key'].map((name) => join(home, name))) {
      expect(await readFile(file, 'latin1')).not.toContain('swordfish')
      if (process.platform !== 'win32') expect((await stat(file)).mode & 0o777).toBe(0o600)
    }
  })

  it('never makes a new key in place of one that looks odd', async () => {
    const key = join(home, 'secrets.key')
    await keyFileVault(home).set('TOKEN', 'swordfish')
    const good = await readFile(key)
    await writeFile(key, good.subarray(1))
    const odd = { code: 'vault_key_unusable' }
    await expect(keyFileVault(home).get('TOKEN')).rejects.toMatchObject(odd)
    await expect(keyFileVault(home).set('NEW', 'x')).rejects.toMatchObject(odd)
    expect(await keyFileVault(home).problem()).toMatchObject(odd)
    expect(await readFile(key)).toEqual(good.subarray(1))
    await writeFile(key, good)
    expect(await keyFileVault(home).get('TOKEN')).toBe('swordfish')
  })

  it.skipIf(process.platform === 'win32')('refuses a key that others may read', async () => {
    await keyFileVault(home).set('TOKEN', 'swordfish')
    await chmod(join(home, 'secrets.key'), 0o644)
    await expect(keyFileVault(home).get('TOKEN')).rejects.toMatchObject({ code: 'vault_key_unusable' })
  })

  it('does not open a seal under another name', async () => {
    await keyFileVault(home).set('TOKEN', 'swordfish')
    const file = join(home, 'secrets.json')
    await writeFile(file, (await readFile(file, 'utf8')).replace('TOKEN', 'OTHER'))
    await expect(keyFileVault(home).get('OTHER')).rejects.toMatchObject({ code: 'secret_unreadable' })
  })

  it('does not overwrite a file that it cannot read', async () => {
    await writeFile(join(home, 'secrets.json'), 'not json')
    await expect(keyFileVault(home).set('TOKEN', 'x')).rejects.toMatchObject({ code: 'vault_unreadable' })
    expect(await readFile(join(home, 'secrets.json'), 'utf8')).toBe('not json')
  })
})
