import { useQuery } from '@tanstack/react-query'
import type { Person } from '../../api/answers'
import { useProjectId } from '../../api/project'
import { ofPerson, runSql } from '../../api/sql'
import { CopyButton } from '../../components/button'
import { EventName } from '../../components/event-name'
import { fullTime } from '../../components/format'
import { Answer } from '../../components/states'
import { Ago, Count } from '../../components/time'
import { mergesOf, mergesSql, type Merge } from './merges'

interface IdUse {
  events: number
  first: string
  last: string
}

/** A person's ids: what each has sent, and how they came together. */
export function PersonIds({ person }: { person: Person }) {
  const project = useProjectId()
  const uses = useQuery({
    queryKey: ['person-ids', project, person.id],
    queryFn: async ({ signal }) => {
      const sql = `SELECT distinct_id, count(), min(timestamp), max(timestamp) FROM events WHERE ${ofPerson(person.id)} GROUP BY distinct_id`
      const { results } = await runSql(project, sql, signal)
      return new Map(
        results.map(([id, events, first, last]) => [
          String(id),
          { events: Number(events), first: String(first), last: String(last) },
        ]),
      )
    },
  })
  return (
    <div className="stack">
      <p className="soft">
        All of these are one person, in the order they came; events of each belong here. Ids come
        together when an SDK identifies or aliases someone.
      </p>
      <div className="table-box">
        <table className="table">
          <thead>
            <tr>
              <th scope="col">Distinct id</th>
              <th scope="col" className="right">
                Events
              </th>
              <th scope="col" className="right wide-only">
                First event
              </th>
              <th scope="col" className="right wide-only">
                Last event
              </th>
              <th scope="col" className="right">
                <span className="visually-hidden">Copy</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {person.distinct_ids.map((id) => (
              <IdRow key={id} id={id} use={uses.data?.get(id)} known={uses.data !== undefined} />
            ))}
          </tbody>
        </table>
      </div>
      {person.distinct_ids.length > 1 && <MergeHistory person={person} />}
    </div>
  )
}

function IdRow({ id, use, known }: { id: string; use: IdUse | undefined; known: boolean }) {
  return (
    <tr>
      <td>
        <code className="wrap">{id}</code>
      </td>
      <td className="right">{use ? <Count value={use.events} /> : known ? 0 : '…'}</td>
      <td className="right soft wide-only">{use && <Ago time={use.first} />}</td>
      <td className="right soft wide-only">{use && <Ago time={use.last} />}</td>
      <td className="right">
        <CopyButton text={id} />
      </td>
    </tr>
  )
}

function MergeHistory({ person }: { person: Person }) {
  const project = useProjectId()
  const merges = useQuery({
    queryKey: ['person-merges', project, person.id],
    queryFn: async ({ signal }) => {
      const { results } = await runSql(project, mergesSql(ofPerson(person.id)), signal)
      return mergesOf(results, person.distinct_ids)
    },
  })
  return (
    <section className="stack" aria-label="How they came together">
      <h2>How they came together</h2>
      <Answer query={merges} skeletonLines={2}>
        {(found) =>
          found.length > 0 ? (
            <ul className="card merges">
              {found.map((merge) => (
                <MergeRow key={`${merge.event} ${merge.id} ${merge.other}`} merge={merge} />
              ))}
            </ul>
          ) : (
            <p className="soft">The events that joined these ids are no longer kept.</p>
          )
        }
      </Answer>
    </section>
  )
}

function MergeRow({ merge: { event, id, other, time } }: { merge: Merge }) {
  return (
    <li>
      <EventName name={event} />
      <span className="merge-ids">
        <code className="wrap">{other}</code> <span className="soft">joined</span> <code className="wrap">{id}</code>
      </span>
      <span className="soft small" title={fullTime(new Date(time))}>
        <Ago time={time} />
      </span>
    </li>
  )
}
