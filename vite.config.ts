import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

export default defineConfig({
  root: 'renderer',
  base: './',
  plugins: [react()],
  build: {
    outDir: '../dist/page',
    emptyOutDir: true,
    target: 'es2024',
    sourcemap: true,
    // One page, loaded from this machine: splitting it would only add round trips.
    chunkSizeWarningLimit: 2_000,
    modulePreload: { polyfill: false },
  },
})
