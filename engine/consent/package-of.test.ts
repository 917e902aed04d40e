import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { packageOf } from './package-of.ts'

it.each([
  ['/usr/bin/npx', ['-y', 'pkg@1.2.3', 'folder'], 'pkg@1.2.3'],
  ['npx', ['--yes', '@scope/pkg@^2'], '@scope/pkg@^2'],
  ['npx', ['-p', '@scope/pkg@1.0.0', 'bin'], '@scope/pkg@1.0.0'],
  ['npx', ['-y', '@scope/pkg'], '@scope/pkg, in the version that is found'],
  ['uvx', ['--from=pkg==3.1', 'tool'], 'pkg==3.1'],
  ['npx', ['--help'], null],
])('%s %j runs the package %s', async (command, args, expected) => {
  expect(await packageOf(command, args, tmpdir())).toBe(expected)
})

it('finds the package of a script, through links, past files that say nothing', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'signalbox-package-'))
  try {
    const inner = join(folder, 'node_modules', 'thing', 'dist')
    await mkdir(inner, { recursive: true })
    await writeFile(join(inner, 'run.js'), '')
    await writeFile(join(inner, 'package.json'), 'not json')
    await writeFile(join(folder, 'node_modules', 'thing', 'package.json'), '{"name":"thing","version":"4.5.6"}')
    await symlink(join(inner, 'run.js'), join(folder, 'thing'))
    expect(await packageOf('/bin/no-such-node', ['--flag', 'thing'], folder)).toBe('thing@4.5.6')
    expect(await packageOf(join(folder, 'thing'), [], '/')).toBe('thing@4.5.6')
  } finally {
    await rm(folder, { recursive: true })
  }
})
