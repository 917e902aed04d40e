import type { Failure } from '../../shared/app-error.ts'
import { Button } from './button.tsx'
import { EmptyState } from './empty-state.tsx'

/** What stands where an answer should: what went wrong, what to do, and a way to ask again. */
export function FailedState({ failure, onRetry }: { failure: Failure; onRetry: () => void }) {
  return (
    <EmptyState glyph="failed" title={failure.message} actions={<Button onClick={onRetry}>Try again</Button>}>
      {failure.hint}
    </EmptyState>
  )
}
