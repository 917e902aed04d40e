import { createRoot } from 'react-dom/client'
import { App } from '../app.tsx'
import '../tokens.css'
import '../base.css'
import { followEvents } from '../client/run-engine.ts'
import { useEngineStore } from '../client/store.ts'
import { applyPreferences } from '../preferences.ts'
import { fixtureEngine } from './fixture-engine.ts'

// The page over an engine that is made up, for looking at it: /dev.html, or /dev.html?empty for the first run,
// /dev.html?asked for servers that ask.
applyPreferences()
const query = new URLSearchParams(location.search)
const client = fixtureEngine({ isEmpty: query.has('empty'), isBare: query.has('bare'), isAsked: query.has('asked') })
useEngineStore.setState({ connection: { kind: 'open' }, generation: 1 })
void followEvents(client, new AbortController().signal)
createRoot(document.getElementById('root')!).render(<App client={client} />)
