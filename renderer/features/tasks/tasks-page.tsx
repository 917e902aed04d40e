import { Page } from '../../shell/page.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'

/** The register; `taskId` opens one. */
export function TasksPage({ taskId }: { taskId: string | null }) {
  return (
    <Page title="Tasks">
      <EmptyState glyph="tasks" title={taskId ?? 'Tasks'} />
    </Page>
  )
}
