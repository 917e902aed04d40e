import { AppError } from '../shared/app-error.ts'

/** Told when a name on the command line stands for nothing; lists those that do. */
export function unknownName(kind: string, name: string, known: readonly string[]): AppError {
  return new AppError(`unknown_${kind}`, `There is no ${kind} "${name}".`, {
    status: 404,
    hint: known.length === 0 ? `There are no ${kind}s yet.` : `Known ${kind}s: ${known.join(', ')}.`,
  })
}
