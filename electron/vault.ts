import type { SafeStorage } from 'electron'
import { SealedVault, type Sealer } from '../engine/secrets/sealed-vault.ts'
import { AppError } from '../shared/app-error.ts'

/** The part of Electron's `safeStorage` that is used: its asynchronous calls. */
export type Sealing = Pick<
  SafeStorage,
  'isAsyncEncryptionAvailable' | 'encryptStringAsync' | 'decryptStringAsync' | 'getSelectedStorageBackend'
>

/**
 * The vault of the desktop: sealed with the key that the system keeps for us. Where the system keeps none, or only a
 * fixed password that everybody knows, nothing is read and nothing is written: `vault_unprotected`.
 */
export function systemVault(home: string, sealing: Sealing, platform: NodeJS.Platform = process.platform): SealedVault {
  return new SealedVault(home, systemSealer(sealing, platform))
}

function systemSealer(sealing: Sealing, platform: NodeJS.Platform): Sealer {
  return {
    keeper: 'system',
    async check() {
      const isFixedPassword = platform === 'linux' && sealing.getSelectedStorageBackend() === 'basic_text'
      if (!isFixedPassword && (await sealing.isAsyncEncryptionAvailable())) return
      throw new AppError('vault_unprotected', 'This system has no key store that could protect secrets.', {
        hint: 'Install and unlock one, GNOME Keyring or KWallet, and start Signalbox again.',
        status: 409,
      })
    },
    seal: (_, text) => sealing.encryptStringAsync(text),
    async open(_, sealed) {
      const { result, shouldReEncrypt } = await sealing.decryptStringAsync(sealed)
      return { text: result, isStale: shouldReEncrypt }
    },
  }
}
