// Loaded before everything else: makes `electron` mean the double, for `import` and for `require`, and then loads what
// was to be preloaded. Only in the main thread: Node preloads in every worker, too, and Electron does not.
import { createRequire, registerHooks } from 'node:module'
import { isMainThread } from 'node:worker_threads'

const double = new URL('./electron.ts', import.meta.url).href

if (isMainThread) {
  registerHooks({
    resolve(specifier, context, nextResolve) {
      const isElectron = specifier === 'electron' || specifier === 'electron/main'
      if (isElectron) return { url: double, format: 'module-typescript', shortCircuit: true }
      return nextResolve(specifier, context)
    },
  })
  const preload = process.env.SIGNALBOX_DOUBLE_PRELOAD
  delete process.env.SIGNALBOX_DOUBLE_PRELOAD
  if (preload) createRequire(import.meta.url)(preload)
}
