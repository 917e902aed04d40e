import { constants } from 'node:fs'
import { access, chmod, mkdir, readFile, stat } from 'node:fs/promises'
import { basename, extname, isAbsolute, resolve } from 'node:path'
import { AppError, failureOf } from '../../../shared/app-error.ts'
import type { LaunchSpec } from '../../config/server-spec.ts'
import { resolveLaunch } from '../../servers/launch.ts'
import { expandHome } from '../../servers/platform-path.ts'
import { runCommand } from '../../servers/run-command.ts'
import type { ServerCase } from '../case.ts'
import { entryFix } from '../entry-fix.ts'
import { type Finding, type Fix, notLooked, ok, problem, problemOf } from '../finding.ts'
import { nullWhenMissing, octal } from '../home-checks/home-folder.ts'
import { elsewhere } from './elsewhere.ts'
import { wordsOf } from './mended-entry.ts'

const notLocal = 'It is at an address; nothing of it runs here.'

/** The folder that it starts in. */
export async function checkWorkingFolder({ expanded, around }: ServerCase): Promise<Finding> {
  if (expanded === null) return notLooked(notLocal)
  const { userHome } = around.host
  const folder = resolve(userHome, expandHome(expanded.cwd ?? '', userHome))
  const stats = await stat(folder).catch(nullWhenMissing)
  try {
    await resolveLaunch({ command: around.host.node, args: [], env: {}, cwd: expanded.cwd }, contextOf(around))
    if (around.host.platform !== 'win32') await access(folder, constants.X_OK)
    return ok(`It starts in ${folder}.`)
  } catch (error) {
    const isMissing = stats === null
    const fix: Fix = {
      title: `Make the folder ${folder}`,
      changes: [{ what: 'Make the folder', path: folder, hunks: [] }],
      apply: async () => void (await mkdir(folder, { recursive: true })),
    }
    const { code, message, hint } = failureOf(error)
    return problemOf({ code, message: `${message}.`, hint }, { fix: isMissing ? fix : null })
  }
}

/** What each runtime is asked with, and what is said where it is missing. */
const runtimes: Readonly<Record<string, string>> = {
  node: 'Install Node.js from nodejs.org.',
  npx: 'It comes with Node.js, from nodejs.org.',
  npm: 'It comes with Node.js, from nodejs.org.',
  bun: 'Install Bun from bun.sh.',
  bunx: 'It comes with Bun, from bun.sh.',
  deno: 'Install Deno from deno.com.',
  uv: 'Install uv from docs.astral.sh/uv.',
  uvx: 'It comes with uv, from docs.astral.sh/uv.',
  python: 'Install Python from python.org.',
  python3: 'Install Python from python.org.',
  pipx: 'Install pipx from pipx.pypa.io.',
  docker: 'Install Docker from docs.docker.com.',
  podman: 'Install Podman from podman.io.',
}
const answerMs = 10_000
const leastNode = 20

/** The runtime that starts it: there, and able to tell its version. */
export async function checkRuntime(patient: ServerCase): Promise<Finding> {
  const { expanded, around } = patient
  if (expanded === null) return notLooked(notLocal)
  const name = runtimeOf(expanded.command)
  const hint = runtimes[name]
  if (hint === undefined) return notLooked('Its command is a program of its own.')
  let command: string
  try {
    command = (await resolveLaunch({ ...expanded, args: [] }, contextOf(around))).command
  } catch (error) {
    const { code, message } = failureOf(error)
    // Whatever else is wrong with it is for the next check to say.
    if (code !== 'command_not_found') return notLooked(`${name} is there.`)
    return problem('runtime_missing', `${name} is not installed, or not where it is looked for.`, {
      hint: `${hint} Or name it by its absolute path.`,
      evidence: [message],
      fix: await anotherPath(patient, name),
    })
  }
  const version = await outputOf(command, ['--version'], patient)
  if (version.kind === 'failed') {
    const evidence = [`${command} --version: ${version.why}`]
    const message = `${name} is there but does not tell its version.`
    return problem('runtime_broken', message, { hint: 'Run it by hand and see what it says.', evidence })
  }
  const evidence = [`${command} ${version.text}`]
  const major = /^v?(\d+)\./.exec(version.text)?.[1]
  if (name === 'node' && major !== undefined && Number(major) < leastNode) {
    return problem('runtime_too_old', `node is version ${version.text}; current servers need ${leastNode} or later.`, {
      hint: 'Install a newer Node.js, or start the server with the one that Signalbox runs on.',
      evidence,
      fix: entryFix(patient, 'Start it with the Node of Signalbox', {
        ...patient.spec.entry,
        command: '${SIGNALBOX_NODE}',
      }),
      blocks: false,
    })
  }
  if (name === 'docker') {
    const daemon = await outputOf(command, ['info', '--format', '{{.ServerVersion}}'], patient)
    if (daemon.kind === 'failed' || daemon.text === '') {
      const why = daemon.kind === 'failed' ? daemon.why : 'it told no version'
      const message = 'Docker is installed, but its daemon does not answer.'
      return problem('docker_not_running', message, { hint: 'Start Docker.', evidence: [...evidence, why] })
    }
  }
  return ok(`${name} ${version.text} starts it.`, evidence)
}

/** The program that is started: found, and one that this machine can run. */
export async function checkCommand(patient: ServerCase): Promise<Finding> {
  const { expanded, around } = patient
  if (expanded === null) return notLooked(notLocal)
  try {
    patient.launch = await resolveLaunch(expanded, contextOf(around))
    return ok(`Its command is ${patient.launch.command}.`)
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    const { code, message, hint } = error
    const found = error.data.command
    const fix =
      code === 'command_not_found'
        ? await betterCommand(patient, expanded)
        : code === 'not_executable' && typeof found === 'string'
          ? await makeRunnable(patient, found)
          : null
    return problemOf({ code, message: `${message}.`, hint }, { fix })
  }
}

const scripts: Readonly<Record<string, readonly string[]>> = {
  node: ['.js', '.mjs', '.cjs', '.ts', '.mts'],
  bun: ['.js', '.mjs', '.ts', '.mts', '.tsx'],
  deno: ['.js', '.mjs', '.ts', '.mts'],
  python: ['.py'],
  python3: ['.py'],
}

/** The script that a runtime is told to run. */
export async function checkFiles(patient: ServerCase): Promise<Finding> {
  const { launch, around, spec } = patient
  if (launch === null) return notLooked(notLocal)
  const endings = scripts[runtimeOf(launch.command).replace(/[\d.]+$/, '')] ?? []
  const index = launch.args.findIndex((arg) => !arg.startsWith('-') && endings.includes(extname(arg)))
  const written = launch.args[index]
  if (written === undefined) return notLooked('Its arguments name no script.')
  const path = resolve(launch.cwd, written)
  const stats = await stat(path).catch(nullWhenMissing)
  if (stats === null || !stats.isFile()) {
    const meant = expandHome(written, around.host.userHome)
    const isTilde = meant !== written && (await stat(meant).catch(nullWhenMissing)) !== null
    const args = spec.launch!.args.with(index, meant)
    return problem('script_missing', `There is no script ${path}.`, {
      hint: isAbsolute(written) ? 'Correct its path in "args".' : 'Correct its path in "args", or set "cwd".',
      fix: isTilde
        ? entryFix(patient, 'Write out the home folder, which no shell does here', { ...spec.entry, args })
        : null,
    })
  }
  const isReadable = await access(path, constants.R_OK).then(
    () => true,
    () => false,
  )
  if (!isReadable) {
    return problem('script_unreadable', `${path} may not be read.`, {
      hint: `Allow it to be read: chmod u+r ${path}`,
      evidence: [`its permissions are ${octal(stats.mode & 0o777)}`],
      fix: modeFix(path, (stats.mode & 0o777) | 0o400),
    })
  }
  return ok(`Its script ${path} can be read.`)
}

/** The command where it really is, split where it was written with its arguments, or under its other name. */
async function betterCommand(patient: ServerCase, expanded: LaunchSpec): Promise<Fix | null> {
  const { spec, around } = patient
  const { entry } = spec
  const works = (command: string): Promise<boolean> =>
    resolveLaunch({ ...expanded, command, args: [] }, contextOf(around)).then(
      () => true,
      () => false,
    )
  const [first, ...rest] = wordsOf(spec.launch!.command)
  if (first !== undefined && first !== spec.launch!.command && (await works(first))) {
    const title = 'Split the command into "command" and "args"'
    return entryFix(patient, title, { ...entry, command: first, args: [...rest, ...spec.launch!.args] })
  }
  return anotherPath(patient, basename(expanded.command))
}

async function anotherPath(patient: ServerCase, name: string): Promise<Fix | null> {
  const { spec, around } = patient
  const path = await elsewhere(name, patient.expanded?.cwd ?? null, around.host)
  if (path !== null) return entryFix(patient, `Start ${path}`, { ...spec.entry, command: path })
  const own = '${SIGNALBOX_NODE}'
  return name === 'node'
    ? entryFix(patient, 'Start it with the Node of Signalbox', { ...spec.entry, command: own })
    : null
}

/** A script without the right to be run gets it; one that names no interpreter is handed to its runtime. */
async function makeRunnable(patient: ServerCase, path: string): Promise<Fix | null> {
  const { spec } = patient
  const stats = await stat(path).catch(nullWhenMissing)
  if (stats === null || !stats.isFile()) return null
  const head = (await readFile(path)).subarray(0, 4)
  const isProgram = head.subarray(0, 2).equals(Buffer.from('#!')) || head.subarray(1, 4).equals(Buffer.from('ELF'))
  if (isProgram) return modeFix(path, (stats.mode & 0o777) | 0o100)
  if (!scripts.node!.includes(extname(path))) return null
  const command = '${SIGNALBOX_NODE}'
  const args = [spec.launch!.command, ...spec.launch!.args]
  return entryFix(patient, 'Run the script with Node', { ...spec.entry, command, args })
}

function modeFix(path: string, mode: number): Fix {
  return {
    title: `Set the permissions of ${path} to ${octal(mode)}`,
    changes: [{ what: `Set its permissions to ${octal(mode)}`, path, hunks: [] }],
    apply: () => chmod(path, mode),
  }
}

type Output = { kind: 'said'; text: string } | { kind: 'failed'; why: string }

async function outputOf(command: string, args: string[], { around }: ServerCase): Promise<Output> {
  try {
    const { platform } = around.host
    const { stdout, stderr } = await runCommand(command, args, { platform, env: around.baseEnv, timeoutMs: answerMs })
    return { kind: 'said', text: (stdout || stderr).trim().split('\n')[0]!.trim() }
  } catch (error) {
    return { kind: 'failed', why: failureOf(error).message.trim().split('\n').at(-1)!.slice(0, 300) }
  }
}

function runtimeOf(command: string): string {
  return basename(command.trim())
    .toLowerCase()
    .replace(/\.(?:exe|cmd|bat)$/, '')
}

function contextOf({ baseEnv, host }: ServerCase['around']) {
  return { baseEnv, platform: host.platform, userHome: host.userHome }
}
