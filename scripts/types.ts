// Checks the types folder by folder: each has a tsconfig.json of its own, with the lib and types that it may use.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'

const folders = readdirSync('.', { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && existsSync(`${entry.name}/tsconfig.json`))
  .map((entry) => entry.name)

let failed = false
for (const folder of folders) {
  const { status } = spawnSync('tsc', ['-p', folder], { stdio: 'inherit', shell: process.platform === 'win32' })
  if (status !== 0) failed = true
}
process.exitCode = failed ? 1 : 0
