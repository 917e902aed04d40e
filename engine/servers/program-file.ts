import { open } from 'node:fs/promises'
import { AppError } from '../../shared/app-error.ts'

/** Longest first line that Linux reads for an interpreter. */
const firstBytes = 256
const elfMagic = Buffer.from([0x7f, 0x45, 0x4c, 0x46])
/** The machine of an ELF file that runs here, by what Node calls this machine. */
const elfMachines: Partial<Record<NodeJS.Architecture, number>> = { x64: 62, arm64: 183, ia32: 3, arm: 40 }
/** 32-bit programs run on their 64-bit successors too. */
const elfAlsoRuns: Partial<Record<NodeJS.Architecture, number>> = { x64: 3, arm64: 40 }

/**
 * Looks into a program for what would keep it from running: an interpreter that is not there, or another machine's
 * code. `isProgram` tells whether a path is one, `onPath` finds a name on the PATH that the process gets. Throws an
 * AppError: `interpreter_missing`, `wrong_architecture`.
 */
export async function checkProgramFile(
  file: string,
  isProgram: (path: string) => Promise<boolean>,
  onPath: (name: string) => Promise<boolean>,
): Promise<void> {
  const head = await headOf(file)
  if (head.subarray(0, 4).equals(elfMagic)) return checkMachine(file, head)
  const interpreter = interpreterOf(head.toString('utf8'))
  if (interpreter === null) return
  const isThere = interpreter.includes('/') ? await isProgram(interpreter) : await onPath(interpreter)
  if (isThere) return
  throw new AppError('interpreter_missing', `${file} needs ${interpreter}, which is not there`, {
    hint: `Install ${interpreter}, or name one that is there in the first line of ${file}.`,
    data: { command: file, interpreter },
  })
}

/** The program that a script's first line asks for: a path, or a name to be found on PATH. Null: no script. */
export function interpreterOf(text: string): string | null {
  const words = /^#![ \t]*([^\n]*)/.exec(text)?.[1]?.trim().split(/\s+/) ?? []
  const [program] = words
  if (program === undefined || program === '') return null
  if (!/(^|\/)env$/.test(program)) return program
  // `env -S name`, `env NAME=value name`.
  return words.slice(1).find((word) => !word.startsWith('-') && !word.includes('=')) ?? program
}

function checkMachine(file: string, head: Buffer): void {
  const own = elfMachines[process.arch]
  const isLittle = head[5] === 1
  if (own === undefined || head.length < 20) return
  const machine = isLittle ? head.readUInt16LE(18) : head.readUInt16BE(18)
  if (machine === own || machine === elfAlsoRuns[process.arch]) return
  throw new AppError('wrong_architecture', `${file} is built for another kind of machine than this one`, {
    hint: `Install the build for ${process.platform} ${process.arch}.`,
    data: { command: file, machine },
  })
}

/** Empty for a program that may be run but not read. */
async function headOf(file: string): Promise<Buffer> {
  try {
    await using handle = await open(file)
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(firstBytes), 0, firstBytes, 0)
    return buffer.subarray(0, bytesRead)
  } catch {
    return Buffer.alloc(0)
  }
}
