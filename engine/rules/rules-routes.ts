import { implement } from '@orpc/server'
import { AppError } from '../../shared/app-error.ts'
import { rulesContract } from '../../shared/rules-contract.ts'
import type { CallContext } from '../router.ts'
import type { RuleRepo } from '../store/store.ts'
import type { Rules } from './rules.ts'

interface Parts {
  readonly rules: Rules
  readonly store: { readonly rules: Pick<RuleRepo, 'runs' | 'run'> }
}

/** The part of the contract about rules. */
export function rulesRoutes({ rules, store }: Parts) {
  const os = implement(rulesContract).$context<CallContext>().$config({ initialOutputValidationIndex: Number.NaN })
  return {
    rules: {
      list: os.rules.list.handler(() => ({ items: rules.views() })),
      get: os.rules.get.handler(({ input }) => rules.view(input.id)),
      create: os.rules.create.handler(async ({ input }) => rules.view((await rules.book.create(input)).id)),
      update: os.rules.update.handler(async ({ input: { id, ...rule } }) => {
        await rules.book.update(id, rule)
        return rules.view(id)
      }),
      enable: os.rules.enable.handler(async ({ input: { id, enabled } }) => {
        await rules.book.enable(id, enabled)
        return rules.view(id)
      }),
      remove: os.rules.remove.handler(async ({ input }) => ({ removed: await rules.book.remove(input.id) })),
      validate: os.rules.validate.handler(({ input }) => ({ problems: [...rules.book.problems(input)] })),
      runs: os.rules.runs.handler(({ input }) => store.rules.runs(input)),
      run: os.rules.run.handler(async ({ input }) => {
        const run = await store.rules.run(input.id)
        if (run !== null) return run
        throw new AppError('unknown_run', `There is no run ${input.id}.`, {
          status: 404,
          hint: 'List them with GET /api/v1/rule-runs, or with `signalbox rules runs`.',
        })
      }),
    },
  }
}
