import { Page } from '../../shell/page.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'

/** The tool runner; server and tool from the address. */
export function RunnerPage({ server, tool }: { server: string | null; tool: string | null }) {
  return (
    <Page title="Runner">
      <EmptyState glyph="runner" title={tool ?? server ?? 'Runner'} />
    </Page>
  )
}
