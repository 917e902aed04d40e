import { Page } from '../../shell/page.tsx'

export function ServerPage({ id }: { id: string }) {
  return <Page title={id}>{null}</Page>
}
