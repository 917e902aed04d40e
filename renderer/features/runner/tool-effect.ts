import type { Tool } from '../../../shared/server.ts'

/** What a tool does to the world, by its own word; null when it says nothing. */
export type ToolEffect = 'reads' | 'writes' | 'destroys'

/** Read off the annotations. The protocol's defaults count only where the server annotates the tool at all. */
export function toolEffect(tool: Pick<Tool, 'annotations'>): ToolEffect | null {
  const { annotations } = tool
  if (!annotations || Object.keys(annotations).every((key) => key === 'title')) return null
  if (annotations.readOnlyHint === true) return 'reads'
  return annotations.destructiveHint === false ? 'writes' : 'destroys'
}
