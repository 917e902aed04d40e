import { EmptyState } from '../../ui/empty-state.tsx'

export function FirstRun() {
  return <EmptyState title="Bring your servers in" />
}
