import { useState } from 'react'
import { useAddress } from '../../api/project'
import type { OpenAnswer, QuestionResult } from '../../api/surveys'
import { Button } from '../../components/button'
import { Link } from '../../components/link'
import { Ago, Count } from '../../components/time'
import { exactNumber, exactShare, shownShare } from '../../insights/numbers'

interface QuestionAnswersProps {
  result: QuestionResult
  number: number
}

/** One question with what was answered, as its kind can be shown. */
export function QuestionAnswers({ result, number }: QuestionAnswersProps) {
  return (
    <section className="card answers" aria-label={result.question}>
      <div className="answers-head">
        <h2 className="wrap">
          <span className="soft">{number}.</span> {result.question}
        </h2>
      </div>
      <div className="card-body">
        <Answers result={result} />
      </div>
    </section>
  )
}

function Answers({ result }: { result: QuestionResult }) {
  if (result.answers) return <OpenAnswers answers={result.answers} />
  if ((result.total ?? 0) === 0) return <p className="soft">No answer yet.</p>
  if (result.counts) return <Rating result={result} />
  return <Choices result={result} />
}

function Rating({ result: { counts = [], average, nps, total = 0 } }: { result: QuestionResult }) {
  const most = Math.max(1, ...counts.map(({ count }) => count))
  return (
    <div className="stack">
      <dl className="row row-wrap answers-figures">
        {nps && <SmallFigure name="NPS" value={exactNumber(nps.score)} />}
        <SmallFigure name="Average" value={average == null ? '–' : exactNumber(average)} />
        <SmallFigure name="Answers" value={exactNumber(total)} />
      </dl>
      <ol className="rating-bars">
        {counts.map(({ value, count }) => (
          <li key={value} title={exactShare(count, total)}>
            <span className="rating-count number">{exactNumber(count)}</span>
            <span className="rating-track" aria-hidden="true">
              <span
                className={`rating-bar ${nps ? npsClass(value) : ''}`}
                style={{ height: `${(100 * count) / most}%` }}
              />
            </span>
            <span className="soft small number">
              <span className="visually-hidden">said </span>
              {value}
            </span>
          </li>
        ))}
      </ol>
      {nps && (
        <ul className="legend small soft">
          <LegendItem kind="bad" name="Detractors, 0 to 6" count={nps.detractors} total={total} />
          <LegendItem kind="middle" name="Passives, 7 and 8" count={nps.passives} total={total} />
          <LegendItem kind="good" name="Promoters, 9 and 10" count={nps.promoters} total={total} />
        </ul>
      )}
    </div>
  )
}

const PROMOTER_FROM = 9
const DETRACTOR_UP_TO = 6

function npsClass(value: number): string {
  if (value >= PROMOTER_FROM) return 'rating-good'
  return value <= DETRACTOR_UP_TO ? 'rating-bad' : 'rating-middle'
}

function SmallFigure({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt className="soft small">{name}</dt>
      <dd className="answers-figure number">{value}</dd>
    </div>
  )
}

interface LegendItemProps {
  kind: 'good' | 'middle' | 'bad'
  name: string
  count: number
  total: number
}

function LegendItem({ kind, name, count, total }: LegendItemProps) {
  return (
    <li title={exactShare(count, total)}>
      <span className={`rating-dot rating-${kind}`} aria-hidden="true" />
      {name}: {exactNumber(count)} ({shownShare(count, total)})
    </li>
  )
}

function Choices({ result }: { result: QuestionResult }) {
  const { choices = [], other = 0, other_answers: others = [], total = 0, type } = result
  const rows = [...choices, ...(other > 0 ? [{ choice: 'Something else', count: other }] : [])]
  const most = Math.max(1, ...rows.map(({ count }) => count))
  const isMultiple = type === 'multiple_choice'
  return (
    <div className="stack-small">
      <table className="choice-bars">
        <thead>
          <tr>
            <th scope="col">Choice</th>
            <th scope="col" className="right">{isMultiple ? 'Chosen' : 'Answers'}</th>
            {!isMultiple && <th scope="col" className="right">Share</th>}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ choice, count }, index) => (
            <tr key={index}>
              <th scope="row">
                <span className="choice-bar" style={{ width: `${(100 * count) / most}%` }} aria-hidden="true" />
                <span className="choice-name wrap">{choice}</span>
              </th>
              <td className="right">
                <Count value={count} />
              </td>
              {!isMultiple && (
                <td className="right soft" title={exactShare(count, total)}>
                  {shownShare(count, total)}
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
      {others.length > 0 && (
        <details>
          <summary className="soft small">What else was written</summary>
          <ul className="answer-list">
            {others.map(({ answer, count }) => (
              <li key={answer} className="wrap">
                {answer} <span className="soft">({exactNumber(count)})</span>
              </li>
            ))}
          </ul>
        </details>
      )}
    </div>
  )
}

const SHOWN_FIRST = 6

function OpenAnswers({ answers }: { answers: OpenAnswer[] }) {
  const at = useAddress()
  const [all, setAll] = useState(false)
  if (answers.length === 0) return <p className="soft">No answer yet.</p>
  const shown = all ? answers : answers.slice(0, SHOWN_FIRST)
  return (
    <div className="stack-small">
      <ul className="answer-list">
        {shown.map(({ answer, distinct_id, person_id, timestamp }, index) => (
          <li key={index}>
            <p className="wrap">{answer}</p>
            <p className="row soft small">
              <Link to={at(`people/${person_id}`)} className="cut">
                {distinct_id}
              </Link>
              <Ago time={utc(timestamp)} />
            </p>
          </li>
        ))}
      </ul>
      {answers.length > shown.length && (
        <div>
          <Button small onClick={() => setAll(true)}>
            Show all {answers.length}
          </Button>
        </div>
      )}
    </div>
  )
}

/** The engine writes times without saying that they are in UTC. */
const utc = (time: string): string => (/[Z+]/.test(time) ? time : `${time.replace(' ', 'T')}Z`)
