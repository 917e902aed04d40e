import type { Hunk } from '../../shared/connect-contract.ts'
import { cell, type Output } from '../output.ts'

/** What changes in a text, line by line. */
export function showHunks(hunks: readonly Hunk[], output: Pick<Output, 'line' | 'toned'>): void {
  for (const { before_start, after_start, lines } of hunks) {
    output.line(output.toned('dim', `@@ line ${before_start}, now ${after_start} @@`))
    for (const { kind, text } of lines) {
      if (kind === 'same') output.line(`  ${cell(text)}`)
      else
        output.line(output.toned(kind === 'added' ? 'green' : 'red', `${kind === 'added' ? '+' : '-'} ${cell(text)}`))
    }
  }
}
