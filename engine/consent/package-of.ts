import { realpath } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { z } from 'zod'
import { readText } from '../config/replace-file.ts'

const packageSchema = z.looseObject({ name: z.string().optional(), version: z.string() })

/** Programs that fetch a package and run it, and options of theirs that take a value. */
const runners = /^(?:npx|pnpx|bunx|uvx|pipx|dlx)(?:\.(?:cmd|exe|ps1))?$/i
const packageOption = /^(?:-p|--package|--from|--spec)(?:=(.*))?$/

/**
 * The package that a launch runs, with its version: `name@1.2.3` from the package.json of its script, or as `npx` and its
 * like are told it. Null where there is none. A runner that is told no version runs what it finds, and so it says.
 */
export async function packageOf(command: string, args: readonly string[], cwd: string): Promise<string | null> {
  if (runners.test(basename(command))) return fetchedPackage(args)
  for (const script of [command, ...args.filter((arg) => !arg.startsWith('-')).map((arg) => resolve(cwd, arg))]) {
    const found = await packageAround(script)
    if (found !== null) return found
  }
  return null
}

function fetchedPackage(args: readonly string[]): string | null {
  for (const [index, arg] of args.entries()) {
    const option = packageOption.exec(arg)
    const name = option ? (option[1] ?? args[index + 1]) : arg.startsWith('-') ? undefined : arg
    if (name === undefined) continue
    return /.@[\w.^~*<>=-]+$|==/.test(name) ? name : `${name}, in the version that is found`
  }
  return null
}

/** The nearest package.json with a version above a file that is there. */
async function packageAround(file: string): Promise<string | null> {
  const real = await realpath(file).catch(() => null)
  if (real === null) return null
  for (let folder = dirname(real); ; folder = dirname(folder)) {
    const text = await readText(join(folder, 'package.json')).catch(() => null)
    const parsed = text === null ? null : packageSchema.safeParse(parsedJson(text))
    if (parsed?.success) return `${parsed.data.name ?? basename(folder)}@${parsed.data.version}`
    if (dirname(folder) === folder) return null
  }
}

/** What is no JSON says nothing about a version, as no file would. */
function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
