import { adviceOn } from './problems'

/** What to do about a reason. */
export function Advice({ reason }: { reason: string }) {
  // Every second part was between backticks.
  const parts = adviceOn(reason).split('`')
  return <p>{parts.map((part, at) => (at % 2 === 1 ? <code key={at}>{part}</code> : part))}</p>
}
