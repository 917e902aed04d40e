import { useSnapshot } from '../client/hooks.ts'
import { useEngineStore } from '../client/store.ts'
import { QuestionBanner } from '../features/questions/question-banner.tsx'
import { Banner } from '../ui/banner.tsx'
import { CopyButton } from '../ui/copy-button.tsx'

/** The one banner of a page: of all that could be told, the worst. The rest stands on Home. */
export function PageBanner() {
  const connection = useEngineStore((state) => state.connection)
  const banner = useSnapshot((snapshot) => snapshot.banner)
  const config = useSnapshot((snapshot) => snapshot.config)
  if (connection.kind === 'refused') {
    return (
      <Banner
        severity="danger"
        title="This page needs a fresh link:"
        actions={<CopyButton text="signalbox open" label="Copy the command" />}
      >
        run <code>signalbox open</code>.
      </Banner>
    )
  }
  if (connection.kind === 'lost' && connection.attempt > 1) {
    return (
      <Banner severity="caution" glyph="backing-off" title="Signalbox does not answer.">
        What you see is from before; it is being reconnected.
      </Banner>
    )
  }
  if (banner) {
    return (
      <Banner severity={banner.severity} title={banner.message}>
        {banner.hint}
      </Banner>
    )
  }
  if (config.problem) {
    const { line, column, message } = config.problem
    return (
      <Banner
        severity="danger"
        title={
          <>
            <code>mcp.json</code> has an error at line {line}, column {column}.
          </>
        }
        actions={<CopyButton text={config.path} label={`Copy the path: ${config.path}`} />}
      >
        {message} The last good version keeps running.
      </Banner>
    )
  }
  return <QuestionBanner />
}
