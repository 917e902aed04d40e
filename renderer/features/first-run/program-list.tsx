import { useRef, useState } from 'react'
import type { Program } from '../../../shared/import.ts'
import { Button } from '../../ui/button.tsx'
import { Checkbox } from '../../ui/checkbox.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { DialogActions } from '../../ui/dialog-actions.tsx'
import { countOf } from '../../ui/format.ts'
import { Glyph } from '../../ui/glyph.tsx'
import { TextArea } from '../../ui/text-field.tsx'
import { failureToast } from '../../ui/toast.tsx'
import styles from './program-list.module.css'
import type { ImportDesk } from './use-import.ts'

/** The programs found on this machine, and other ways to bring servers in. */
export function ProgramList({ desk }: { desk: ImportDesk }) {
  const found = desk.programs.filter((program) => program.files.length > 0)
  const absent = desk.programs.filter((program) => program.files.length === 0)
  const servers = found.reduce((sum, program) => sum + program.servers, 0)
  return (
    <aside className={styles.side} aria-label="Programs on this machine">
      <div className={styles.head}>
        <h2 className={styles.headline}>{headline(desk, found.length, servers)}</h2>
        <p className={styles.note}>
          {desk.isEmptyHanded
            ? 'Start with the two samples, or bring a configuration of your own.'
            : 'Found on this machine by reading their files.'}
        </p>
      </div>
      <ul className={styles.list}>
        {found.map((program) => (
          <FoundProgram key={program.id} program={program} desk={desk} />
        ))}
        {absent.map((program) => (
          <li key={program.id} className={styles.absent}>
            <Glyph name="queued" tone="quiet" size={14} />
            <span className={styles.name}>{program.name}</span>
            <span>not found</span>
          </li>
        ))}
      </ul>
      <div className={styles.ways}>
        <FileButton desk={desk} />
        <PasteButton desk={desk} />
      </div>
    </aside>
  )
}

function headline(desk: ImportDesk, programs: number, servers: number): string {
  if (desk.scan.kind === 'loading') return 'Looking around'
  return desk.isEmptyHanded ? 'No servers found yet' : `${countOf(programs, 'program')}, ${countOf(servers, 'server')}`
}

function FoundProgram({ program, desk }: { program: Program; desk: ImportDesk }) {
  const own = desk.candidates.filter((candidate) => candidate.program === program.id && candidate.problem === null)
  const ticked = own.filter(desk.isTicked).length
  const broken = program.files.find((file) => file.status !== 'found')
  const [first, ...more] = program.files
  return (
    <li className={styles.found}>
      <Checkbox
        checked={own.length > 0 && ticked === own.length}
        half={ticked > 0 && ticked < own.length}
        disabled={own.length === 0 || desk.imported !== null}
        label={`All servers of ${program.name}`}
        onChange={(isOn) => desk.tick(own, isOn)}
      />
      <span className={styles.monogram} aria-hidden="true">
        {monogram(program.name)}
      </span>
      <span className={styles.what}>
        <span className={styles.name}>{program.name}</span>
        {broken ? (
          <span className={styles.broken} title={broken.message ?? undefined}>
            {broken.message ?? 'It cannot be read.'}
          </span>
        ) : (
          <code className={styles.path} title={program.files.map((file) => file.path).join('\n')}>
            {first?.path}
            {more.length > 0 && ` and ${countOf(more.length, 'more file', 'more files')}`}
          </code>
        )}
      </span>
      <span className={styles.count}>{countOf(program.servers, 'server')}</span>
    </li>
  )
}

function monogram(name: string): string {
  const [first = '', second = ''] = name.split(' ')
  return second === '' || first.length === 2 ? name.slice(0, 2) : `${first[0]}${second[0]}`
}

function FileButton({ desk }: { desk: ImportDesk }) {
  const input = useRef<HTMLInputElement>(null)
  async function take(file: File | undefined): Promise<void> {
    if (file && !(await desk.read(await file.text(), file.name))) tellEmpty(file.name)
  }
  return (
    <>
      <Button glyph="folder" disabled={desk.imported !== null} onClick={() => input.current?.click()}>
        Choose a file
      </Button>
      <input
        ref={input}
        type="file"
        hidden
        aria-label="Configuration file"
        accept=".json,.jsonc,.toml,.yaml,.yml"
        onChange={(event) => {
          void take(event.target.files?.[0])
          event.target.value = ''
        }}
      />
    </>
  )
}

function PasteButton({ desk }: { desk: ImportDesk }) {
  const [isOpen, setOpen] = useState(false)
  const [text, setText] = useState('')
  async function take(): Promise<void> {
    if (!(await desk.read(text))) return tellEmpty('This text')
    setOpen(false)
    setText('')
  }
  return (
    <>
      <Button glyph="copy" disabled={desk.imported !== null} onClick={() => setOpen(true)}>
        Paste JSON
      </Button>
      <Dialog
        open={isOpen}
        title="Paste a configuration"
        width={560}
        onClose={() => setOpen(false)}
        footer={
          <DialogActions
            verb="Read it"
            busy={desk.isBusy}
            disabled={text.trim() === ''}
            onDo={() => void take()}
            onCancel={() => setOpen(false)}
          />
        }
      >
        <TextArea
          label="Configuration"
          note="JSON, JSONC, TOML or YAML"
          mono
          rows={12}
          value={text}
          onChange={setText}
        />
      </Dialog>
    </>
  )
}

function tellEmpty(name: string): void {
  failureToast({
    code: 'no_servers',
    message: `${name} names no server`,
    hint: 'Servers stand under a key such as mcpServers.',
  })
}
