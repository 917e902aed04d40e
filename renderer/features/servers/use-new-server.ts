import { useState } from 'react'
import type { BegunServer, ServerTemplate } from '../../../shared/custom-contract.ts'
import { useCommand } from '../../client/hooks.ts'

export interface NewServer {
  readonly name: string
  readonly template: ServerTemplate
  /** Follows the name until somebody writes another one. */
  readonly dir: string
  /** What came of it; null before. */
  readonly begun: BegunServer | null
  readonly isBusy: boolean
  change(fields: Partial<Pick<NewServer, 'name' | 'template' | 'dir'>>): void
  begin(): Promise<void>
  forget(): void
}

/** A server of one's own, from its name to its folder. */
export function useNewServer(): NewServer {
  const [name, setName] = useState('')
  const [template, setTemplate] = useState<ServerTemplate>('typescript')
  const [ownDir, setOwnDir] = useState<string | null>(null)
  const [begun, setBegun] = useState<BegunServer | null>(null)
  const command = useCommand()
  const dir = ownDir ?? (name.trim() === '' ? '' : `~/${name.trim()}`)
  return {
    name,
    template,
    dir,
    begun,
    isBusy: command.isBusy,
    change(fields) {
      if (fields.name !== undefined) setName(fields.name)
      if (fields.template !== undefined) setTemplate(fields.template)
      if (fields.dir !== undefined) setOwnDir(fields.dir)
    },
    async begin() {
      const answer = await command.run((client) =>
        client.custom.begin({ name: name.trim(), template, dir: dir.trim(), start: true }),
      )
      if (answer) setBegun(answer)
    },
    forget() {
      setName('')
      setOwnDir(null)
      setBegun(null)
    },
  }
}
