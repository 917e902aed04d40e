import type { NewRule, RuleProblem } from '../../shared/rule.ts'
import type { Masker } from '../secrets/masker.ts'
import { pointerPart } from './value-template.ts'

/** Texts of a rule that hold a secret in the open: a rule is shown, exported and kept as it is written. */
export function plainSecrets({ trigger, steps, on_failure }: NewRule, masker: Masker): RuleProblem[] {
  return texts({ trigger, steps, on_failure }, '')
    .filter(({ text }) => {
      const own = text.replaceAll(/\$\{[^}]*\}/g, '')
      return masker.text(own) !== own
    })
    .map(({ path }) => ({
      path,
      severity: 'error',
      message: 'A secret stands here in the open. Keep it under Secrets and write ${secret:NAME} in its place.',
      column: null,
    }))
}

function texts(value: unknown, path: string): { path: string; text: string }[] {
  if (typeof value === 'string') return [{ path, text: value }]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, item]) => texts(item, `${path}/${pointerPart(key)}`))
}
