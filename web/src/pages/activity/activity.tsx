import { Page } from '../../components/page'

export default function Shell() {
  return <Page title="Activity">…</Page>
}
