// Builds everything that runs: the page with Vite, the Node entries with rolldown.
import { cpSync, rmSync } from 'node:fs'
import { type InputOptions, rolldown } from 'rolldown'
import { build } from 'vite'
import { alias, external } from './bundle-options.ts'
import { programModules } from './program-modules.ts'

rmSync('dist', { recursive: true, force: true })
await bundle(
  { input: { ...programModules, desktop: 'electron/main.ts' } },
  { entryFileNames: '[name].mjs', format: 'esm' },
)
// A sandboxed preload can only be one CommonJS file.
await bundle({ input: { preload: 'electron/preload.ts' } }, { entryFileNames: '[name].cjs', format: 'cjs' })
// Read by `signalbox new`, never run from there.
cpSync('templates', 'dist/node/templates', { recursive: true })
await build({ configFile: 'vite.config.ts', logLevel: 'warn' })

async function bundle(
  input: Pick<InputOptions, 'input'>,
  output: { entryFileNames: string; format: 'esm' | 'cjs' },
): Promise<void> {
  await using bundled = await rolldown({ ...input, external, resolve: { alias }, platform: 'node', logLevel: 'warn' })
  await bundled.write({ dir: 'dist/node', chunkFileNames: 'chunks/[name]-[hash].mjs', sourcemap: true, ...output })
}
