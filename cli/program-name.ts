import { AppError } from '../shared/app-error.ts'
import { type ProgramId, programIdSchema } from '../shared/import.ts'

/** Another program by the name that a person typed. Throws `unknown_program`. */
export function programOf(name: string): ProgramId {
  const program = programIdSchema.safeParse(name)
  if (program.success) return program.data
  throw new AppError('unknown_program', `There is no program "${name}".`, {
    hint: `Known programs: ${programIdSchema.options.join(', ')}.`,
  })
}
