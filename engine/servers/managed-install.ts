import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { z } from 'zod'
import { AppError } from '../../shared/app-error.ts'
import type { NpxPackage } from './npx-package.ts'
import { type InstallContext, npmProgram, runInstaller } from './package-manager.ts'

/** A package in our own folder, whose program Node runs without npx. */
export interface ManagedInstall {
  readonly version: string
  /** The package's program, absolute. */
  readonly program: string
  /** For `NODE_COMPILE_CACHE`, absolute. */
  readonly compileCache: string
}

const warmUpMs = 4000

const manifestSchema = z.object({
  version: z.string(),
  bin: z.union([z.string(), z.record(z.string(), z.string())]),
})

/**
 * Installs a package once, into `<home>/packages/NAME@VERSION`, and fills its compile cache by one start of its program.
 * Throws `npm_missing`, `install_failed`, `package_without_program`.
 */
export async function installPackage(wanted: NpxPackage, context: InstallContext): Promise<ManagedInstall> {
  const packages = join(context.host.home, 'packages')
  await mkdir(packages, { recursive: true })
  const draft = join(packages, `.installing-${randomUUID()}`)
  await mkdir(draft)
  try {
    await writeFile(join(draft, 'package.json'), '{ "private": true }\n')
    await runNpm(wanted, draft, context)
    const { version, program } = await programOf(draft, wanted.name)
    const folder = join(packages, `${wanted.name.replace('/', '+')}@${version}`)
    const isThere = await stat(folder).then(
      () => true,
      () => false,
    )
    if (!isThere) await rename(draft, folder)
    const install = { version, program: join(folder, program), compileCache: join(folder, 'compile-cache') }
    await fillCompileCache(install, wanted.args, context)
    return install
  } finally {
    await rm(draft, { recursive: true, force: true })
  }
}

async function runNpm({ name, version }: NpxPackage, folder: string, context: InstallContext): Promise<void> {
  const what = `${name}@${version ?? 'latest'}`
  const options = ['--no-audit', '--no-fund', '--omit=dev', '--loglevel=error', '--prefix', folder]
  const hint = 'Nothing was changed; the server goes on with npx. Try again once the registry answers.'
  await runInstaller(await npmProgram(context), ['install', ...options, what], { folder, what, hint, context })
}

async function programOf(folder: string, name: string): Promise<{ version: string; program: string }> {
  const within = join('node_modules', ...name.split('/'))
  const parsed = manifestSchema.safeParse(JSON.parse(await readFile(join(folder, within, 'package.json'), 'utf8')))
  const file = parsed.success ? programFile(parsed.data.bin, name) : null
  if (!parsed.success || file === null) {
    throw new AppError('package_without_program', `${name} has no single program to run`, {
      hint: 'Leave it with npx, or name the program yourself.',
    })
  }
  return { version: parsed.data.version, program: join(within, file) }
}

/** As npx chooses: the only program, else the one named like the package. */
function programFile(bin: string | Record<string, string>, name: string): string | null {
  if (typeof bin === 'string') return bin
  const files = [...new Set(Object.values(bin))]
  return files.length === 1 ? files[0]! : (bin[name.split('/').at(-1)!] ?? null)
}

/** Node writes what it compiled when it is told to; then the program has done its service. */
async function fillCompileCache(
  { program, compileCache }: ManagedInstall,
  args: readonly string[],
  { host, baseEnv }: InstallContext,
): Promise<void> {
  const flush = `import { flushCompileCache } from 'node:module'; setTimeout(() => { flushCompileCache(); process.exit() }, 1500)`
  const preload = `data:text/javascript,${encodeURIComponent(flush)}`
  const child = promisify(execFile)(host.node, ['--import', preload, program, ...args], {
    env: { ...baseEnv, NODE_COMPILE_CACHE: compileCache },
    timeout: warmUpMs,
    killSignal: 'SIGKILL',
    windowsHide: true,
  })
  // A program that does not start without its secrets is compiled at its first real start instead.
  await child.catch(() => {})
}
