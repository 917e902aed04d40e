import { spawnSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

interface Import {
  by: string
  of: string
  isAllowed: boolean
}

const forbidden = (by: string, ...modules: string[]): Import[] => modules.map((of) => ({ by, of, isAllowed: false }))
const allowed = (by: string, ...modules: string[]): Import[] => modules.map((of) => ({ by, of, isAllowed: true }))

const imports = [
  ...forbidden('shared', 'node:fs', 'react', '../../engine/host.ts'),
  ...forbidden('engine', 'electron', 'react', '../../renderer/main.tsx', '../../electron/main.ts', '../../cli/main.ts'),
  ...forbidden(
    'renderer',
    'node:fs',
    'electron',
    '../../engine/host.ts',
    '../../electron/main.ts',
    '../../cli/main.ts',
  ),
  ...forbidden('cli', 'electron', 'react', '../../renderer/main.tsx', '../../electron/main.ts'),
  ...forbidden('electron', 'react', '../../renderer/main.tsx', '../../cli/main.ts'),
  ...allowed('shared', 'zod', '@orpc/contract', './ids.ts'),
  ...allowed('engine', 'node:fs', '../../shared/ids.ts', '../host.ts'),
  ...allowed('renderer', 'react', '../../shared/ids.ts'),
  ...allowed('cli', 'node:fs', '../../engine/host.ts', '../../shared/ids.ts'),
  ...allowed('electron', 'electron', '../../engine/host.ts', '../../shared/ids.ts'),
]

test('the linter refuses exactly the imports that cross a boundary', () => {
  const refused = refusedByLinter(imports)
  expect(imports.filter(({ isAllowed }) => !isAllowed)).toEqual(refused)
})

/** Biome reads only what lies in the project, so the imports are written there for a moment, a file each. */
function refusedByLinter(cases: Import[]): Import[] {
  const folders = [...new Set(cases.map(({ by }) => join(by, 'boundary-under-test')))]
  for (const folder of folders) mkdirSync(folder, { recursive: true })
  try {
    const files = cases.map(({ by, of }, index) => {
      const file = join(by, 'boundary-under-test', `import-${index}.ts`)
      writeFileSync(file, `import * as thing from '${of}'\n\nexport const used = thing\n`)
      return file
    })
    const { stdout } = spawnSync(
      'biome',
      [
        'lint',
        '--only=style/noRestrictedImports',
        '--vcs-enabled=false',
        '--reporter=json',
        '--max-diagnostics=none',
        ...folders,
      ],
      { encoding: 'utf8', shell: process.platform === 'win32' },
    )
    return cases.filter((_, index) => stdout.includes(JSON.stringify(files[index]).slice(1, -1)))
  } finally {
    for (const folder of folders) rmSync(folder, { recursive: true, force: true })
  }
}
