import { useDeferredValue, useState } from 'react'
import { useSearchParams } from 'wouter'
import { useAddress } from '../../api/project'
import { useMay } from '../../api/session'
import { useResponseCounts, useSurveys, type Survey } from '../../api/surveys'
import { Button } from '../../components/button'
import { Search } from '../../components/fields'
import { Icon } from '../../components/icon'
import { Link } from '../../components/link'
import { Page } from '../../components/page'
import { Answer, Empty } from '../../components/states'
import { TabButtons } from '../../components/tabs'
import { Ago, Count } from '../../components/time'
import { STATE_BADGES, STATE_WORDS, stateOf, TYPE_WORDS } from './survey-state'
import './surveys.css'

const TABS = [
  ['current', 'Current'],
  ['archived', 'Archived'],
] as const

type Tab = (typeof TABS)[number][0]

export default function SurveysPage() {
  const at = useAddress()
  const mayMake = useMay('member')
  const [parameters, setParameters] = useSearchParams()
  const search = parameters.get('search') ?? ''
  const [tab, setTab] = useState<Tab>('current')
  const surveys = useSurveys(useDeferredValue(search))
  const setSearch = (text: string) => setParameters(text === '' ? {} : { search: text }, { replace: true })
  const create = mayMake && (
    <Link to={at('surveys/new')} className="button button-primary">
      <Icon name="plus" /> New survey
    </Link>
  )
  return (
    <Page title="Surveys" intro="Ask people in your product, and see what they answer." actions={create}>
      <Search label="Search surveys" value={search} onChange={setSearch} />
      <Answer query={surveys}>
        {({ results }) => {
          const hasArchived = results.some(({ archived }) => archived)
          const shown = results.filter(({ archived }) => archived === (hasArchived && tab === 'archived'))
          return (
            <div className="stack">
              {hasArchived && <TabButtons<Tab> label="Which surveys" tabs={TABS} current={tab} onChange={setTab} />}
              {shown.length > 0 ? (
                <SurveyTable surveys={shown} />
              ) : search === '' ? (
                <Empty icon="survey" title="No surveys yet" action={create}>
                  A survey asks a few questions where people are, and counts the answers.
                </Empty>
              ) : (
                <Empty
                  icon="search"
                  title={`No survey matches “${search}”`}
                  action={<Button onClick={() => setSearch('')}>Clear the search</Button>}
                />
              )}
            </div>
          )
        }}
      </Answer>
    </Page>
  )
}

function SurveyTable({ surveys }: { surveys: Survey[] }) {
  return (
    <div className="table-box">
      <table className="table surveys-table">
        <thead>
          <tr>
            <th scope="col">Survey</th>
            <th scope="col" className="wide-only">State</th>
            <th scope="col" className="wide-only">Shown as</th>
            <th scope="col" className="wide-only right">Questions</th>
            <th scope="col" className="right">Answers</th>
            <th scope="col" className="wide-only right">Started</th>
          </tr>
        </thead>
        <tbody>
          {surveys.map((survey) => (
            <SurveyRow key={survey.id} survey={survey} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

function SurveyRow({ survey }: { survey: Survey }) {
  const at = useAddress()
  const [now] = useState(() => new Date())
  const counts = useResponseCounts()
  const state = stateOf(survey, now)
  const badge = <span className={STATE_BADGES[state]}>{STATE_WORDS[state]}</span>
  return (
    <tr>
      <td>
        <Link to={at(`surveys/${survey.id}`)} className="link-plain">
          {survey.name}
        </Link>
        {survey.description !== '' && <div className="soft small cut">{survey.description}</div>}
        <div className="narrow-only">{badge}</div>
      </td>
      <td className="wide-only">{badge}</td>
      <td className="soft wide-only">{TYPE_WORDS[survey.type] ?? survey.type}</td>
      <td className="right soft wide-only">{survey.questions.length}</td>
      <td className="right">
        {counts.data ? <Count value={counts.data[survey.id] ?? 0} /> : <span className="soft">{counts.error ? '?' : '…'}</span>}
      </td>
      <td className="right soft wide-only">{survey.start_date === null ? '–' : <Ago time={survey.start_date} />}</td>
    </tr>
  )
}
