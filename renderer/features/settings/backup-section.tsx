import { useState } from 'react'
import type { ExportKind } from '../../../shared/settings-contract.ts'
import { useCall, useCommand } from '../../client/hooks.ts'
import { usePageActions } from '../../shell/page-actions.ts'
import { Banner } from '../../ui/banner.tsx'
import { Button } from '../../ui/button.tsx'
import { countOf, formatBytes, formatDateTime } from '../../ui/format.ts'
import { Panel } from '../../ui/panel.tsx'
import { announceToast } from '../../ui/toast.tsx'
import { FileDialog } from './file-dialog.tsx'
import { SettingRow } from './setting-row.tsx'

type Asked = 'backup' | 'restore' | ExportKind

/** Everything in one file and back, and tasks and log as text for other programs. */
export function BackupSection() {
  const [asked, setAsked] = useState<Asked | null>(null)
  const [ordered, setOrdered] = useState<{ file: string; made_at: string; is_own: boolean } | null>(null)
  const folder = useCall('backup folder', async (client, signal) => {
    return (await client.settings.get(undefined, { signal })).backup_folder
  })
  usePageActions([
    { id: 'settings:backup', title: 'Back up everything', glyph: 'down', run: () => setAsked('backup') },
    { id: 'settings:export-tasks', title: 'Export tasks', glyph: 'down', run: () => setAsked('tasks') },
    { id: 'settings:export-logs', title: 'Export the log', glyph: 'down', run: () => setAsked('logs') },
  ])
  const close = (): void => setAsked(null)
  const proposal = (name: string): string => {
    const base = folder.kind === 'done' ? folder.data : ''
    return `${base}${base.includes('\\') ? '\\' : '/'}signalbox-${formatDateTime(new Date().toISOString(), 'local').slice(0, 10)}${name}`
  }
  return (
    <Panel level={2} title="Backup" note="secrets never leave the vault">
      {ordered && <RestoreBanner {...ordered} onCancelled={() => setOrdered(null)} />}
      <SettingRow name="Everything" help="Configuration, settings, tasks and log in one file. Secrets are not in it.">
        <Button onClick={() => setAsked('restore')}>Restore…</Button>
        <Button variant="primary" disabled={folder.kind !== 'done'} onClick={() => setAsked('backup')}>
          Back up…
        </Button>
      </SettingRow>
      <SettingRow name="Tasks" help="Every task with its time line, one line of JSON each, newest first.">
        <ExportButtons what="tasks" onFile={() => setAsked('tasks')} />
      </SettingRow>
      <SettingRow name="Log" help="Every log line that is kept, one line of JSON each, newest first.">
        <ExportButtons what="logs" onFile={() => setAsked('logs')} />
      </SettingRow>
      {asked === 'backup' && (
        <FileDialog
          title="Back up everything"
          description="Servers and calls go on meanwhile. For moving to another machine, enter the secrets there anew."
          proposal={proposal('.backup')}
          verb="Back up"
          run={async (client, file) => {
            const { bytes } = await client.backups.create({ file })
            announceToast({ title: 'The backup is made', message: `${file}, ${formatBytes(bytes)}` })
          }}
          onClose={close}
        />
      )}
      {(asked === 'tasks' || asked === 'logs') && (
        <FileDialog
          title={asked === 'tasks' ? 'Export tasks' : 'Export the log'}
          description="Known secrets are masked in it, as they are everywhere."
          proposal={proposal(`-${asked}.ndjson`)}
          verb="Export"
          run={async (client, file) => {
            const { lines } = await client.exports.create({ what: asked, file })
            announceToast({ title: 'The export is written', message: `${file}, ${countOf(lines, 'line')}` })
          }}
          onClose={close}
        />
      )}
      {asked === 'restore' && (
        <FileDialog
          title="Restore a backup"
          description="It is checked now and put in place at the next start. What is here now is kept beside it, nothing is deleted."
          proposal={proposal('.backup')}
          verb="Check and restore"
          run={async (client, file) => setOrdered(await client.backups.restore({ file }))}
          onClose={close}
        />
      )}
    </Panel>
  )
}

function ExportButtons({ what, onFile }: { what: ExportKind; onFile: () => void }) {
  // A page that the HTTP face has served may download from it; the desktop's window takes no downloads.
  const isServed = location.protocol === 'http:'
  return (
    <>
      {isServed && (
        <a href={`/api/v1/exports/${what}`} download={`signalbox-${what}.ndjson`}>
          Download
        </a>
      )}
      <Button onClick={onFile}>Export…</Button>
    </>
  )
}

interface RestoreBannerProps {
  file: string
  made_at: string
  is_own: boolean
  onCancelled: () => void
}

function RestoreBanner({ file, made_at, is_own, onCancelled }: RestoreBannerProps) {
  const command = useCommand()
  async function cancel(): Promise<void> {
    if (await command.run((client) => client.backups.cancelRestore())) onCancelled()
  }
  return (
    <Banner
      severity="you"
      title="The backup is sound. Quit Signalbox and start it again to restore it."
      actions={
        <Button size="small" busy={command.isBusy} onClick={() => void cancel()}>
          Do not restore
        </Button>
      }
    >
      {file}, made {formatDateTime(made_at, 'local')}
      {is_own ? '.' : ' by another home: its servers start once you have looked at them.'}
    </Banner>
  )
}
