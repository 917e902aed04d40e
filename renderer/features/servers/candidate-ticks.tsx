import type { Candidate } from '../../../shared/import.ts'
import { Checkbox } from '../../ui/checkbox.tsx'
import { Chip } from '../../ui/chip.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import styles from './candidate-ticks.module.css'

interface CandidateTicksProps {
  candidates: readonly Candidate[]
  ticked: ReadonlySet<string>
  onChange: (ticked: ReadonlySet<string>) => void
}

/** What was read from a text, to be ticked before it is added. */
export function CandidateTicks({ candidates, ticked, onChange }: CandidateTicksProps) {
  if (candidates.length === 0) {
    return (
      <EmptyState title="No server stands in this text">
        Servers stand under a key such as <code>mcpServers</code>, each with a command or a URL.
      </EmptyState>
    )
  }
  return (
    <ul className={styles.list} aria-label="Servers in the text">
      {candidates.map((candidate) => (
        <li key={candidate.key}>
          {/* biome-ignore lint/a11y/noLabelWithoutControl: the checkbox stands inside */}
          <label className={styles.item}>
            <Checkbox
              checked={ticked.has(candidate.key)}
              disabled={candidate.problem !== null}
              label={`Add ${candidate.id}`}
              onChange={(isOn) =>
                onChange(
                  isOn
                    ? new Set([...ticked, candidate.key])
                    : new Set([...ticked].filter((key) => key !== candidate.key)),
                )
              }
            />
            <span className={styles.what}>
              <span className={styles.name}>{candidate.id}</span>
              <code className={styles.summary}>{candidate.summary}</code>
              {(candidate.problem ?? candidate.note) && (
                <span className={styles.note}>{candidate.problem ?? candidate.note}</span>
              )}
            </span>
            {candidate.secrets.length > 0 && (
              <Chip glyph="key">
                {candidate.secrets.length === 1 ? 'secret' : `${candidate.secrets.length} secrets`}
              </Chip>
            )}
          </label>
        </li>
      ))}
    </ul>
  )
}
