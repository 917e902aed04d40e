import type { ReactNode } from 'react'
import { Link } from 'wouter'
import type { Client, ProfileId } from '../../../shared/client.ts'
import type { ConnectProgram } from '../../../shared/connect-contract.ts'
import { useCommand, useSnapshot } from '../../client/hooks.ts'
import { Age } from '../../ui/age.tsx'
import { Button } from '../../ui/button.tsx'
import card from '../../ui/card.module.css'
import { classNames } from '../../ui/class-names.ts'
import { useClock } from '../../ui/clock.ts'
import { Glyph } from '../../ui/glyph.tsx'
import { Select } from '../../ui/select.tsx'
import styles from './client-card.module.css'
import { clientLook } from './client-look.ts'
import { ClientMenu } from './client-menu.tsx'
import { placeLook } from './place-look.ts'

interface ClientCardProps {
  client: Client
  /** Whose file may lead here; undefined where the client is no known program. */
  program: ConnectProgram | undefined
  onWhy: () => void
}

/** One client: what it is, what it was served, and what it may reach. */
export function ClientCard({ client, program, onWhy }: ClientCardProps) {
  const { id, name, seen, revoked_at } = client
  const nameId = `client-${id}`
  return (
    <li className={classNames(card.card, revoked_at !== null && styles.ended)} aria-labelledby={nameId}>
      <div className={styles.head}>
        <StateMark client={client} />
        <h3 id={nameId} className={styles.name} title={name}>
          {name}
        </h3>
        <State client={client} />
        <ClientMenu client={client} />
      </div>
      <dl className={styles.facts}>
        <Fact name="Program">
          {seen?.implementation
            ? `${seen.implementation.name} ${seen.implementation.version}`
            : (program?.name ?? client.program ?? '–')}
        </Fact>
        {program && <FileFact program={program} />}
        <Fact name="Protocol">{seen ? `${seen.protocol_version}, ${seen.era}` : '–'}</Fact>
        <Fact name="Tools served">
          {seen?.listed_at ? (
            <>
              {seen.tools_served}, <Age at={seen.listed_at} /> ago
            </>
          ) : (
            'never asked'
          )}
        </Fact>
        <Fact name="Last call">
          {seen?.last_call_at ? (
            <Link href={`/tasks?origin=${encodeURIComponent(`client:${name}`)}`}>
              <Age at={seen.last_call_at} /> ago
            </Link>
          ) : (
            '–'
          )}
        </Fact>
        <Fact name="Token">
          …{client.token_hint}, {client.rotated_at ? 'rotated' : 'issued'}{' '}
          <Age at={client.rotated_at ?? client.created_at} /> ago
        </Fact>
        <Fact name="Reaches">
          <Reach client={client} />
        </Fact>
      </dl>
      {revoked_at === null && (
        <div className={styles.foot}>
          <Button size="small" variant="quiet" glyph="search" onClick={onWhy}>
            Why is a tool missing?
          </Button>
        </div>
      )}
    </li>
  )
}

function StateMark({ client }: { client: Client }) {
  const glyph = useClock((now) => clientLook(client, now).glyph)
  const tone = useClock((now) => clientLook(client, now).tone)
  return <Glyph name={glyph} tone={tone} />
}

/** `Seen 3 s ago`; the word alone where there is no time to tell. */
function State({ client }: { client: Client }) {
  const word = useClock((now) => clientLook(client, now).word)
  const isShownWithAge = client.revoked_at === null && client.seen !== null
  return (
    <span className={classNames(styles.state, word === 'Seen' && styles.seen)}>
      {word}
      {isShownWithAge && (
        <>
          {' '}
          <Age at={client.seen!.last_at} /> ago
        </>
      )}
    </span>
  )
}

const everything = 'everything'

function Reach({ client }: { client: Client }) {
  const profiles = useSnapshot((snapshot) => snapshot.profiles)
  const command = useCommand()
  const value = client.profile ?? everything
  if (client.revoked_at !== null) return 'nothing'
  const options = [
    { value: everything, label: 'Everything' },
    ...profiles.map((profile) => ({ value: profile.id as string, label: profile.name })),
  ]
  // A profile that is lost grants nothing; the choice must not read as another one.
  if (!options.some((option) => option.value === value)) options.push({ value, label: `${value} (missing)` })
  return (
    <Select
      label={`What ${client.name} reaches`}
      value={value}
      options={options}
      onChange={(next) =>
        void command.run((engine) =>
          engine.clients.setProfile({ id: client.id, profile: next === everything ? null : (next as ProfileId) }),
        )
      }
    />
  )
}

/** Whether the program's file leads here: of several files, the one that says most. */
function FileFact({ program }: { program: ConnectProgram }) {
  const place = program.places.find(({ state }) => state === 'connected' || state === 'drifted') ?? program.places[0]
  if (!place) return null
  const look = placeLook(place)
  return (
    <Fact name="File">
      <span className={styles.file} title={place.path}>
        <Glyph name={look.glyph} tone={look.tone} size={14} />
        {look.word}
      </span>
    </Fact>
  )
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className={styles.fact}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}
