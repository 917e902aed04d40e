import type { ToolHint } from '../../../shared/approvals.ts'

export const hintLabels: Readonly<Record<ToolHint, string>> = {
  destructive: 'Tools that may destroy',
  writes: 'Tools that do not only read',
  open_world: 'Tools that reach beyond this machine',
  any: 'All tools',
}
