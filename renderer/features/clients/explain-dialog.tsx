import { useState } from 'react'
import { useLocation } from 'wouter'
import type { Client } from '../../../shared/client.ts'
import type { ExplainedLink, Explanation } from '../../../shared/explanation.ts'
import type { ServerId } from '../../../shared/ids.ts'
import { useCall, useCommand, useServer, useSnapshot } from '../../client/hooks.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Glyph, type GlyphName, type Tone } from '../../ui/glyph.tsx'
import { Select } from '../../ui/select.tsx'
import { serverHref } from '../../view-state.ts'
import styles from './explain-dialog.module.css'

const wholeServer = ''

/** Walks from the configuration to the client and shows the first link that broke. It follows what changes meanwhile. */
export function ExplainDialog({ client, onClose }: { client: Client; onClose: () => void }) {
  const servers = useSnapshot((snapshot) => snapshot.servers)
  const profiles = useSnapshot((snapshot) => snapshot.profiles)
  const [chosen, setChosen] = useState<string>(servers[0]?.id ?? '')
  const [tool, setTool] = useState(wholeServer)
  const server = useServer(chosen)
  const tools = useCall(
    server ? chosen : null,
    (engine, signal) => engine.servers.tools({ id: chosen as ServerId }, { signal }),
    `${server?.tools}:${server?.run_id}`,
  )
  const profile = profiles.find(({ id }) => id === client.profile)
  const answer = useCall(
    server ? `${client.id} ${chosen} ${tool}` : null,
    (engine, signal) =>
      engine.clients.explain(
        { id: client.id, server: chosen as ServerId, ...(tool !== wholeServer && { tool }) },
        { signal },
      ),
    JSON.stringify([client, profile, server?.state, server?.wished, server?.tools, server?.held_tools]),
  )
  const names = tools.kind === 'done' ? tools.data.items.map(({ name }) => name) : []

  return (
    <Dialog
      open
      width={600}
      title={`Why is a tool missing in ${client.name}?`}
      onClose={onClose}
      footer={
        <Button variant="quiet" onClick={onClose}>
          Close
        </Button>
      }
    >
      <div className={styles.question}>
        <Select
          label="Server"
          value={chosen}
          options={servers.map(({ id }) => ({ value: id as string, label: id }))}
          onChange={(next) => {
            setChosen(next)
            setTool(wholeServer)
          }}
        />
        <Select
          label="Tool"
          value={tool}
          options={[
            { value: wholeServer, label: 'All of its tools' },
            ...names.map((name) => ({ value: name, label: name })),
          ]}
          onChange={setTool}
        />
      </div>
      {servers.length === 0 && <p className={styles.verdict}>There is no server yet. Add one, or import one.</p>}
      {answer.kind === 'failed' && <p role="alert">{answer.failure.message}</p>}
      {answer.kind === 'done' && <Chain explanation={answer.data} client={client} server={chosen} onLeave={onClose} />}
    </Dialog>
  )
}

const looks: Readonly<Record<ExplainedLink['status'], { glyph: GlyphName; tone: Tone }>> = {
  holds: { glyph: 'completed', tone: 'ready' },
  broken: { glyph: 'failed', tone: 'danger' },
  not_reached: { glyph: 'queued', tone: 'quiet' },
}

interface ChainProps {
  explanation: Explanation
  client: Client
  server: string
  onLeave: () => void
}

function Chain({ explanation: { links, broken }, client, server, onLeave }: ChainProps) {
  return (
    <>
      <p className={styles.verdict} role="status">
        {broken === null ? 'Nothing is in the way.' : links.find(({ link }) => link === broken)?.message}
      </p>
      <ol className={styles.chain} aria-label="What was looked at">
        {links.map(({ link, status, message, hint }) => (
          <li key={link} className={styles.link} data-status={status}>
            <Glyph
              name={looks[status].glyph}
              tone={looks[status].tone}
              label={status === 'not_reached' ? 'not looked at' : status}
            />
            <div className={styles.text}>
              <span>{message}</span>
              {hint !== null && (
                <span className={styles.hint}>
                  {hint}
                  <Remedy link={link} client={client} server={server} onLeave={onLeave} />
                </span>
              )}
            </div>
          </li>
        ))}
      </ol>
    </>
  )
}

/** The button that does what the hint says, where there is one. */
function Remedy({ link, client, server, onLeave }: Omit<ChainProps, 'explanation'> & { link: ExplainedLink['link'] }) {
  const command = useCommand()
  const [, go] = useLocation()
  const to = (href: string) => () => {
    onLeave()
    go(href)
  }
  const start = (): void => void command.run((engine) => engine.servers.start({ id: server as ServerId }))
  const remedies: Partial<Record<ExplainedLink['link'], { label: string; run: () => void }>> = {
    server_wished: { label: `Start ${server}`, run: start },
    consent_held: { label: 'Look at it', run: to(serverHref(server)) },
    server_listed: { label: `Open ${server}`, run: to(serverHref(server)) },
    server_granted: { label: 'Open the profile', run: to(profileHref(client)) },
    tool_granted: { label: 'Open the profile', run: to(profileHref(client)) },
  }
  const remedy = remedies[link]
  if (!remedy) return null
  return (
    <Button size="small" variant="primary" busy={command.isBusy} onClick={remedy.run}>
      {remedy.label}
    </Button>
  )
}

function profileHref({ profile }: Client): string {
  return `/clients?view=profiles&profile=${encodeURIComponent(profile ?? '')}`
}
