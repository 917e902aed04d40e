/** Native or given by the runtime; all else is bundled, so that a package needs no node_modules but these. */
export const external = ['electron', 'better-sqlite3']

/** jsonc-parser's CommonJS build finds its parts in a way that no bundler follows. */
export const alias = { 'jsonc-parser': 'jsonc-parser/lib/esm/main.js' }
