import type { Tool } from '../../../shared/server.ts'
import { Chip } from '../../ui/chip.tsx'

/** What a tool says of itself: reads, writes, destroys, reaches out. A server's claim, not a promise. */
export function ToolChips({ tool }: { tool: Tool }) {
  const { annotations } = tool
  if (!annotations) return null
  return (
    <>
      {annotations.readOnlyHint === true && <Chip>reads</Chip>}
      {annotations.readOnlyHint === false && annotations.destructiveHint !== true && <Chip tone="caution">writes</Chip>}
      {annotations.destructiveHint === true && <Chip tone="danger">destroys</Chip>}
      {annotations.openWorldHint === true && <Chip>reaches out</Chip>}
    </>
  )
}
