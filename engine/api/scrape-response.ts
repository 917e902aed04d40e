import { AppError } from '../../shared/app-error.ts'
import { problemResponse } from './problem.ts'

/** What `/metrics` answers; null while it is switched off. */
export type ScrapeMetrics = () => Promise<string | null>

const contentType = 'text/plain; version=0.0.4; charset=utf-8'

export async function scrapeResponse(scrape: ScrapeMetrics): Promise<Response> {
  const text = await scrape()
  if (text === null) return problemResponse(switchedOff())
  return new Response(text, { headers: { 'content-type': contentType, 'cache-control': 'no-store' } })
}

function switchedOff(): AppError {
  return new AppError('metrics_off', 'The metrics endpoint is switched off.', {
    status: 404,
    hint: 'Switch it on at the page of metrics, or set `metrics_endpoint` with PATCH /api/v1/settings.',
  })
}
