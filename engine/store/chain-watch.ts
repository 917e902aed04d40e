import { failureOf } from '../../shared/app-error.ts'
import type { Banner } from '../../shared/snapshot.ts'
import { chainBanner } from './chain-verdict.ts'
import type { Store } from './store.ts'

/** Looks at all finished tasks once, beside all other work, and tells what it finds; a sound chain is not told. */
export function watchChain(store: Pick<Store, 'verifyChain'>, onFound: (banner: Banner) => void): Disposable {
  const ending = new AbortController()
  void look()
  return { [Symbol.dispose]: () => ending.abort() }

  async function look(): Promise<void> {
    try {
      const banner = chainBanner(await store.verifyChain(ending.signal))
      if (banner !== null) onFound(banner)
    } catch (error) {
      // A store that closes meanwhile has nothing to tell; one whose pages are damaged has.
      const { code, message, hint } = failureOf(error)
      if (code !== 'store_damaged') return
      onFound({ code, severity: 'danger', message, hint, since: new Date().toISOString() })
    }
  }
}
