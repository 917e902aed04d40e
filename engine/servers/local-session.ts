import { AppError, type Failure } from '../../shared/app-error.ts'
import type { Era, TransportKind } from '../../shared/server.ts'
import type { LaunchSpec } from '../config/server-spec.ts'
import { subjectOf } from '../consent/launch-subject.ts'
import { openStdioLink } from '../links/open-link.ts'
import { portHolder } from '../port-holder.ts'
import { entrySecrets } from '../secrets/entry-secrets.ts'
import { markerOf } from './environment.ts'
import { exitFailure, headlineOf, leftForeground, takenPort } from './exit-failure.ts'
import { entryVariable, expandLaunch, secretNamesOf } from './expand.ts'
import { type Launch, resolveLaunch } from './launch.ts'
import { kinOf } from './process-table.ts'
import { questionIn } from './question.ts'
import { type RunCause, RunRecord } from './run-record.ts'
import { readSecrets } from './secrets.ts'
import { type Exit, type ServerProcess, spawnServer } from './server-process.ts'
import { type CloseOptions, linkHooks, linkOptions, type Session, type SessionContext } from './session.ts'
import { stopProcess } from './stop-ladder.ts'
import { TrackedLink } from './tracked-link.ts'
import { within } from './within.ts'

/** How long the last lines of a process that is gone may take to arrive; a grandchild can hold the pipe open. */
const stderrMs = 250
const exitMs = 200

/** A server as a child process: its command is resolved and spawned, and the link runs over its stdin and stdout. */
export class LocalSession implements Session {
  readonly #context: SessionContext
  #process: ServerProcess | null = null
  #run: RunRecord | null = null
  #link: TrackedLink | null = null
  #wasReady = false

  constructor(context: SessionContext) {
    this.#context = context
  }

  async open(signal: AbortSignal): Promise<{ link: TrackedLink; transport: TransportKind }> {
    const { spec, era, timeline, events, consent, askedBy } = this.#context
    timeline.begin('resolve')
    await consent.admit(await subjectOf(spec, this.#context), askedBy)
    const launch = await this.#resolve(spec.launch!)
    timeline.done('resolve', launch.command)
    try {
      this.#link = await this.#connect(launch, era, signal)
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'closed_during_probe') throw error
      events.probeFailed()
      events.log(
        'supervisor',
        `ended when it was asked for its era (${error.message}); starts once more without asking`,
      )
      await this.#end('probe_failed', {
        isAsked: false,
        drains: false,
        overLimit: null,
        graceMs: 0,
        force: AbortSignal.abort(),
        onRung() {},
      })
      timeline.rewind('spawn')
      this.#link = await this.#connect(launch, 'legacy', signal)
    }
    const { info } = this.#link
    timeline.done('first_byte')
    timeline.done('handshake', `${info.era} ${info.protocolVersion}`)
    return { link: this.#link, transport: 'stdio' }
  }

  ready(): void {
    this.#wasReady = true
    void this.#run?.ready()
  }

  async close(options: CloseOptions): Promise<Exit | null> {
    const started = this.#wasReady ? 'exited' : options.wasTry ? 'probe_failed' : 'start_failed'
    const unasked = options.overLimit ?? started
    const cause = options.isAsked ? 'stopped' : unasked
    const exit = await this.#end(cause, options)
    await this.#link?.[Symbol.asyncDispose]()
    return exit
  }

  async #resolve(launch: LaunchSpec): Promise<Launch> {
    const { host, baseEnv, masker } = this.#context
    const secrets = await readSecrets(secretNamesOf(launch), host.vault)
    const expanded = expandLaunch(launch, {
      variable: (name) => entryVariable(name, { host, baseEnv }),
      secret: (name) => secrets.get(name),
    })
    masker.learn([...secrets.values(), ...entrySecrets({ ...expanded }).map(({ value }) => value)])
    return resolveLaunch(expanded, { baseEnv, platform: host.platform, userHome: host.userHome })
  }

  async #connect(launch: Launch, era: 'auto' | Era, signal: AbortSignal): Promise<TrackedLink> {
    const { timeline } = this.#context
    signal.throwIfAborted()
    timeline.begin('spawn')
    const process = await this.#spawn(launch)
    timeline.done('spawn', `pid ${process.pid}`)
    timeline.begin('first_byte')
    const exited = process.exited.then((exit) => this.#failureOf(process, exit))
    try {
      const streams = { stdin: process.stdin, stdout: process.stdout, exited }
      return new TrackedLink(
        await openStdioLink(streams, linkOptions(this.#context, era, signal), linkHooks(this.#context)),
      )
    } catch (error) {
      throw await this.#explain(error, process, exited, signal)
    }
  }

  async #spawn(launch: Launch): Promise<ServerProcess> {
    const { spec, host, store, events, installId, registry } = this.#context
    const run = new RunRecord(store, spec.id, (error) => {
      events.log('supervisor', `could not record the run: ${String(error)}`, 'error')
    })
    await run.begin()
    this.#run = run
    await this.#own(registry.expect(run.id, spec.id))
    const process = await spawnServer(launch, {
      marker: markerOf(installId, run.id),
      platform: host.platform,
      onStderr: (stderr) => events.stderr(stderr, run.id),
    })
    this.#process = process
    void run.spawned(process.pid)
    await this.#own(registry.spawned(run.id, process.pid))
    events.spawned(process.pid, run.id, [spec.launch!.command, ...spec.launch!.args].join(' ').replace(/\s+/g, ' '))
    return process
  }

  /** The exit says more than the broken link, and the last line on stderr more than a timeout. */
  async #explain(error: unknown, process: ServerProcess, exited: Promise<Failure>, signal: AbortSignal) {
    if (signal.aborted || !(error instanceof AppError) || error.code === 'closed_during_probe') return error
    if (await within(process.exited, exitMs)) {
      const { code, message, hint } = await exited
      return new AppError(code, message, { hint, cause: error, data: { exit_code: process.exit!.code } })
    }
    const { unfinished } = error.data
    const asked = questionIn(process.stderrOpenLine()) ?? questionIn(typeof unfinished === 'string' ? unfinished : '')
    if (error.code === 'handshake_timeout' && asked !== null) {
      return new AppError('asks_question', `The server is waiting for an answer that it cannot get: ${asked}`, {
        hint: 'Answer it beforehand in "args"; npx, for example, does not ask with -y.',
        cause: error,
      })
    }
    const headline = headlineOf(process.stderrTail())
    if (headline === null) return error
    return new AppError(error.code, `${error.message}; it last said: ${headline}`, { hint: error.hint, cause: error })
  }

  async #failureOf(process: ServerProcess, exit: Exit): Promise<Failure> {
    const { platform } = this.#context.host
    // Looked for at once: whoever starts and ends again may be clearing up after itself.
    const kin = exit.code === 0 ? await kinOf({ group: process.pid, marker: process.marker, known: [] }, platform) : []
    await process.stderrRead(stderrMs)
    if (!this.#wasReady && kin.length > 0) return leftForeground()
    const stderr = process.stderrTail()
    const port = takenPort(stderr)
    const holder = port === null ? null : await portHolder(Number(port))
    return exitFailure(exit, stderr, this.#wasReady, holder)
  }

  /** A registry that cannot be written must not take a server down: its marker still tells whose it is. */
  async #own(write: Promise<void>): Promise<void> {
    await write.catch((error: unknown) => {
      this.#context.events.log('supervisor', `could not register its process: ${String(error)}`, 'error')
    })
  }

  async #end(cause: RunCause, options: CloseOptions): Promise<Exit | null> {
    const process = this.#process
    const link = this.#link
    let hasSurvivors = false
    if (process !== null) {
      const { survivors } = await stopProcess(process, {
        ...options,
        platform: this.#context.host.platform,
        onRevived: (pids) =>
          this.#context.events.log('supervisor', `keeps coming back: new process ${pids.join(', ')}`, 'warn'),
        ...(options.drains && link !== null && { drain: () => link.drained() }),
      })
      hasSurvivors = survivors.length > 0
      if (hasSurvivors) {
        this.#context.events.log('supervisor', `cannot be killed yet: pid ${survivors.join(', ')}`, 'error')
      }
      await process.stderrRead(stderrMs)
    }
    if (this.#run !== null && !hasSurvivors) await this.#own(this.#context.registry.released(this.#run.id))
    const [exit, stderr] = [process?.exit ?? null, process?.stderrTail() ?? []]
    await this.#run?.end(cause, exit, stderr)
    this.#context.events.ended(exit, stderr)
    this.#process = null
    this.#run = null
    return exit
  }
}
