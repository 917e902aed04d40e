import { Page } from '../../shell/page.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'

export function LogsPage() {
  return (
    <Page title="Logs">
      <EmptyState glyph="logs" title="Logs" />
    </Page>
  )
}
