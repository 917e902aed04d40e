import './without-eval.ts'
import { createRoot } from 'react-dom/client'
import { App } from './app.tsx'
import './tokens.css'
import './base.css'
import { isDesktop, portDialler, socketDialler } from './client/connection.ts'
import { connectEngine } from './client/run-engine.ts'
import { applyPreferences } from './preferences.ts'

applyPreferences()
if (window.signalbox) document.documentElement.dataset.platform = window.signalbox.platform
const client = connectEngine(isDesktop() ? portDialler() : socketDialler(), new AbortController().signal)
createRoot(document.getElementById('root')!).render(<App client={client} />)
