import type { ImplementerInternalWithMiddlewares } from '@orpc/server'
import { AppError } from '../../shared/app-error.ts'
import { domainEventNames } from '../../shared/domain-event.ts'
import { uuidV7 } from '../../shared/ids.ts'
import type { RuleId } from '../../shared/rule.ts'
import type { rulesContract } from '../../shared/rules-contract.ts'
import type { Host } from '../host.ts'
import type { CallContext } from '../router.ts'
import type { RuleRepo } from '../store/store.ts'
import { type DryRunParts, dryRun } from './dry-run.ts'
import { readSample } from './read-sample.ts'
import { readRuleText, writeRuleText } from './rule-text.ts'
import type { Rules } from './rules.ts'
import { samplePayloads } from './sample-events.ts'

interface Parts {
  readonly rules: Rules
  readonly supervisor: DryRunParts['supervisor']
  readonly desk: DryRunParts['desk']
  readonly outbound: DryRunParts['outbound']
  readonly host: Pick<Host, 'vault'>
  readonly store: { readonly rules: Pick<RuleRepo, 'runs' | 'run'> }
}

const samples = domainEventNames.map((name) => ({ name, payload: { ...samplePayloads[name] } }))

type Routes = ImplementerInternalWithMiddlewares<typeof rulesContract, CallContext, CallContext>

/** The part of the contract about rules. */
export function rulesRoutes(
  os: Pick<Routes, keyof typeof rulesContract>,
  { rules, store, supervisor, desk, outbound, host }: Parts,
) {
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
      validate: os.rules.validate.handler(({ input }) => ({ problems: [...rules.book.read(input).problems] })),
      export: os.rules.export.handler(({ input: { id, format } }) => ({
        text: writeRuleText(rules.book.get(id).rule, format),
      })),
      read: os.rules.read.handler(({ input }) => {
        const rule = readRuleText(input.text)
        return { rule, problems: [...rules.book.read(rule).problems] }
      }),
      samples: os.rules.samples.handler(() => ({ items: samples })),
      dryRun: os.rules.dryRun.handler(({ input: { rule, event, steps } }) => {
        const drafted = { ...rule, id: uuidV7() as RuleId }
        const input = { rule: drafted, event: readSample(drafted, event), steps }
        return dryRun(input, { book: rules.book, supervisor, desk, outbound, vault: host.vault })
      }),
      test: os.rules.test.handler(({ input }) => rules.test(input.id, input.event)),
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
