import { EmptyState } from '../../ui/empty-state.tsx'

/** The live log of one server. */
export function LogPane({ server }: { server: string }) {
  return <EmptyState glyph="logs" title={`The log of ${server}`} />
}
