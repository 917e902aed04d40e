import { useMemo, useState } from 'react'
import type { Candidate, Program } from '../../../shared/import.ts'
import { type CallState, useCall, useCommand } from '../../client/hooks.ts'

export interface ImportDesk {
  scan: CallState<unknown>
  rescan: () => void
  programs: readonly Program[]
  /** What may be brought in: found, then pasted; the samples where nothing was found. */
  candidates: readonly Candidate[]
  isEmptyHanded: boolean
  /** Where a candidate comes from, by name. */
  originOf: (candidate: Candidate) => string
  isTicked: (candidate: Candidate) => boolean
  tick: (candidates: readonly Candidate[], isOn: boolean) => void
  /** Candidates that were imported from here, as key to id; null before that. */
  imported: ReadonlyMap<string, string> | null
  /** Whether plaintext secrets go into the vault; null where no vault takes them. */
  movesSecrets: boolean | null
  setMovesSecrets: (moves: boolean) => void
  isBusy: boolean
  /** Reads a text or a file; true when it held servers. */
  read: (text: string, name?: string) => Promise<boolean>
  importTicked: () => Promise<void>
  /** Stops what was imported from here and takes it out again. */
  undoImport: () => Promise<void>
}

/** The state of the import page: what was found, what is ticked, what became of it. */
export function useImport(): ImportDesk {
  const scan = useCall('scan', (client, signal) => client.imports.scan(undefined, { signal }))
  const command = useCommand()
  const [pasted, setPasted] = useState<readonly Candidate[]>([])
  const [ticks, setTicks] = useState<ReadonlyMap<string, boolean>>(new Map())
  const [imported, setImported] = useState<ReadonlyMap<string, string> | null>(null)
  const vault = useCall('vault', (client, signal) => client.secrets.list(undefined, { signal }))
  const [moves, setMoves] = useState(true)
  const movesSecrets = vault.kind === 'done' && vault.data.vault.problem === null ? moves : null
  const data = scan.kind === 'done' ? scan.data : null
  const isEmptyHanded = data?.candidates.length === 0
  const candidates = useMemo(() => {
    if (!data) return pasted
    return [...(data.candidates.length > 0 ? data.candidates : data.samples), ...pasted]
  }, [data, pasted])

  const isTicked = (candidate: Candidate): boolean =>
    candidate.problem === null && (ticks.get(candidate.key) ?? candidate.ticked)
  const picks = candidates.filter(isTicked)

  function originOf(candidate: Candidate): string {
    const program = data?.programs.find((one) => one.id === candidate.program)
    if (program) return program.name
    return data?.samples.includes(candidate) ? 'Sample' : 'Pasted'
  }

  return {
    scan,
    rescan: scan.reload,
    programs: data?.programs ?? [],
    candidates,
    isEmptyHanded,
    originOf,
    isTicked,
    tick: (changed, isOn) =>
      setTicks((before) => new Map([...before, ...changed.map(({ key }) => [key, isOn] as const)])),
    imported,
    movesSecrets,
    setMovesSecrets: setMoves,
    isBusy: command.isBusy,
    async read(text, name) {
      const answer = await command.run((client) =>
        client.imports.read({ text, ...(name === undefined ? {} : { name }) }),
      )
      if (!answer || answer.candidates.length === 0) return false
      const known = new Set(answer.candidates.map((candidate) => candidate.key))
      setPasted((before) => [...before.filter((candidate) => !known.has(candidate.key)), ...answer.candidates])
      return true
    },
    async importTicked() {
      // Equal servers of two programs carry one id: it comes in once.
      const wanted = picks.filter((pick, index) => picks.findIndex(({ id }) => id === pick.id) === index)
      const answer = await command.run((client) =>
        client.imports.run({
          picks: wanted.map(({ id, entry }) => ({ id, entry })),
          start: true,
          move_secrets: (movesSecrets ?? false) && wanted.some(({ secrets }) => secrets.length > 0),
        }),
      )
      if (answer) setImported(new Map(wanted.map(({ key, id }) => [key, id])))
    },
    async undoImport() {
      const isUndone = await command.run(async (client) => {
        for (const id of imported?.values() ?? []) await client.servers.remove({ id })
        return true
      })
      if (!isUndone) return
      setImported(null)
      scan.reload()
    },
  }
}
