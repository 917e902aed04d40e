import type { ImplementerInternalWithMiddlewares } from '@orpc/server'
import type { doctorContract } from '../../shared/doctor-contract.ts'
import type { CallContext } from '../router.ts'
import type { Doctor } from './doctor.ts'

type Routes = ImplementerInternalWithMiddlewares<typeof doctorContract, CallContext, CallContext>

/** The doctor: `doctorContract`, a line a procedure. */
export function doctorRoutes(os: Pick<Routes, keyof typeof doctorContract>, { doctor }: { doctor: Doctor }) {
  return {
    doctor: {
      examine: os.doctor.examine.handler(({ input, signal }) =>
        doctor.examine(input, signal ?? new AbortController().signal),
      ),
      fix: os.doctor.fix.handler(({ input }) => doctor.fix(input.fix, input.value)),
    },
  }
}
