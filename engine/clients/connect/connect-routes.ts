import type { ImplementerInternalWithMiddlewares } from '@orpc/server'
import type { connectContract } from '../../../shared/connect-contract.ts'
import type { CallContext } from '../../router.ts'
import type { Connections } from './connections.ts'

type Routes = ImplementerInternalWithMiddlewares<typeof connectContract, CallContext, CallContext>

/** The part of the contract about other programs' files. */
export function connectRoutes(os: Pick<Routes, keyof typeof connectContract>, connections: Connections) {
  return {
    programs: os.programs.handler(async ({ input }) => ({ items: await connections.programs(input.folder) })),
    preview: os.preview.handler(({ input }) => connections.preview(input)),
    write: os.write.handler(({ input }) => connections.write(input)),
    undo: os.undo.handler(({ input: { how, ...target } }) => connections.undo(target, how)),
    forget: os.forget.handler(({ input }) => connections.forget(input)),
    backups: os.backups.handler(async () => ({ items: await connections.backups() })),
  }
}
