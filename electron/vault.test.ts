import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Sealing, systemVault } from './vault.ts'

let home: string
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'signalbox-vault-'))
})
afterEach(() => rm(home, { recursive: true }))

/** A fake of the system's key store, which a test cannot have: the seal is the text backwards, with the key in front. */
function fakeSealing(key: string, backend: ReturnType<Sealing['getSelectedStorageBackend']>): Sealing {
  const backwards = (text: string): string => [...text].reverse().join('')
  return {
    isAsyncEncryptionAvailable: async () => true,
    getSelectedStorageBackend: () => backend,
    encryptStringAsync: async (text) => Buffer.from(`${key}${backwards(text)}`),
    async decryptStringAsync(sealed) {
      const text = sealed.toString()
      if (!text.startsWith(key)) throw new Error('wrong key')
      return { result: backwards(text.slice(key.length)), shouldReEncrypt: false }
    },
  }
}

describe('the vault', () => {
  it('keeps secrets sealed, in a file for its owner only', async () => {
    const vault = systemVault(home, fakeSealing('k1', 'gnome_libsecret'), 'linux')
    expect(await vault.get('TOKEN')).toBe(null)
    await vault.set('TOKEN', 'swordfish')
    await vault.set('OTHER', 'ñ')
    expect([await vault.get('TOKEN'), await vault.get('OTHER')]).toEqual(['swordfish', 'ñ'])
    const file = join(home, 'secrets.json')
    expect(await readFile(file, 'utf8')).not.toContain('swordfish')
    if (process.platform !== 'win32') expect((await stat(file)).mode & 0o777).toBe(0o600)
  })

  it('keeps a secret that another key sealed, and says so', async () => {
    await systemVault(home, fakeSealing('k1', 'kwallet6'), 'linux').set('TOKEN', 'swordfish')
    const other = systemVault(home, fakeSealing('k2', 'kwallet6'), 'linux')
    await expect(other.get('TOKEN')).rejects.toMatchObject({ code: 'secret_unreadable' })
    expect(await systemVault(home, fakeSealing('k1', 'kwallet6'), 'linux').get('TOKEN')).toBe('swordfish')
  })

  it('neither writes nor reads under the fixed password of a Linux without a key store', async () => {
    await systemVault(home, fakeSealing('k1', 'kwallet6'), 'linux').set('TOKEN', 'swordfish')
    const unprotected = systemVault(home, fakeSealing('k1', 'basic_text'), 'linux')
    await expect(unprotected.set('NEW', 'x')).rejects.toMatchObject({ code: 'vault_unprotected' })
    await expect(unprotected.get('TOKEN')).rejects.toMatchObject({ code: 'vault_unprotected' })
    expect(await unprotected.get('NEW')).toBe(null)
  })

  it('does not overwrite a file that it cannot read', async () => {
    await writeFile(join(home, 'secrets.json'), 'not json')
    const vault = systemVault(home, fakeSealing('k1', 'kwallet6'), 'linux')
    await expect(vault.set('TOKEN', 'swordfish')).rejects.toMatchObject({ code: 'vault_unreadable' })
    expect(await readFile(join(home, 'secrets.json'), 'utf8')).toBe('not json')
  })
})
