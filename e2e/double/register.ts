// Loaded before everything else: makes `electron` mean the double, for `import` and for `require`.
import { registerHooks } from 'node:module'

const double = new URL('./electron.ts', import.meta.url).href

registerHooks({
  resolve(specifier, context, nextResolve) {
    const isElectron = specifier === 'electron' || specifier === 'electron/main'
    if (isElectron) return { url: double, format: 'module-typescript', shortCircuit: true }
    return nextResolve(specifier, context)
  },
})
