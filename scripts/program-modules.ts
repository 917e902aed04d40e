/** The modules that run in Node by themselves, by their place in the built program. */
export const programModules = {
  cli: 'cli/main.ts',
  'store-worker': 'engine/store/store-worker.ts',
  'count-tokens': 'engine/gateway/clients/count-tokens.ts',
  'samples/notes': 'samples/notes.ts',
  'samples/workbench': 'samples/workbench.ts',
}
