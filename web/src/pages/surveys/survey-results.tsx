import { useMutation } from '@tanstack/react-query'
import { useProjectId } from '../../api/project'
import { allResponses, useSurveyStats, type Survey, type SurveyStats } from '../../api/surveys'
import { Button } from '../../components/button'
import { download } from '../../components/download'
import { Card, Figure, Figures } from '../../components/page'
import { Answer, Empty, Failure } from '../../components/states'
import { Count } from '../../components/time'
import { InsightResult } from '../../insights/insight-result'
import { exactNumber } from '../../insights/numbers'
import type { InsightQuery } from '../../insights/query'
import { QuestionAnswers } from './question-answers'
import { responsesCsv } from './responses-csv'

/** What was answered, question by question. */
export function SurveyResults({ survey }: { survey: Survey }) {
  const stats = useSurveyStats(survey.id)
  return (
    <Answer query={stats} skeletonLines={9}>
      {(data) => {
        const answered = data.stats['survey sent'].total_count
        if (answered === 0 && data.stats['survey shown'].total_count === 0) return <Nothing survey={survey} />
        return (
          <div className="stack survey-results">
            <Counts stats={data} />
            {answered > 0 && <Export survey={survey} count={answered} />}
            <div className="survey-cards">
              {data.questions.map((result, index) => (
                <QuestionAnswers key={result.id} result={result} number={index + 1} />
              ))}
            </div>
            <Card title="Over time">
              <InsightResult query={timeQuery(survey.id)} compact />
            </Card>
          </div>
        )
      }}
    </Answer>
  )
}

function Nothing({ survey }: { survey: Survey }) {
  const isDraft = survey.start_date === null
  return (
    <Empty icon="survey" title={isDraft ? 'Not launched yet' : 'Nobody has seen it yet'}>
      {isDraft
        ? 'What people answer is counted here once it is launched.'
        : 'Browsers learn of a survey within a minute. They need posthog-js with surveys, and a page that matches.'}
    </Empty>
  )
}

function Counts({ stats: { stats, rates } }: { stats: SurveyStats }) {
  const rate = (name: string) => `${exactNumber(rates[name] ?? 0)}%`
  return (
    <Figures>
      <Figure name="Shown">
        <Count value={stats['survey shown'].total_count} />
      </Figure>
      <Figure name="Answered">
        <Count value={stats['survey sent'].total_count} />
      </Figure>
      <Figure name="Answered, of shown">
        <span className="number">{rate('response_rate')}</span>
      </Figure>
      <Figure name="Dismissed, of shown">
        <span className="number">{rate('dismissal_rate')}</span>
      </Figure>
      <Figure name="People who answered">
        <Count value={stats['survey sent'].unique_persons} />
      </Figure>
    </Figures>
  )
}

function Export({ survey, count }: { survey: Survey; count: number }) {
  const project = useProjectId()
  const save = useMutation({
    mutationFn: async () => responsesCsv(survey.questions, await allResponses(project, survey.id)),
    onSuccess: (text) => download(text, `${survey.name}.csv`),
  })
  return (
    <div className="stack-small">
      <div>
        <Button small icon="download" disabled={save.isPending} onClick={() => save.mutate()}>
          {save.isPending ? 'Reading …' : `CSV of ${count === 1 ? 'the answer' : `all ${count.toLocaleString('en-US')} answers`}`}
        </Button>
      </div>
      {save.error && <Failure error={save.error} onRetry={() => save.mutate()} />}
    </div>
  )
}

const SENT = [
  ['survey shown', 'Shown'],
  ['survey sent', 'Answered'],
  ['survey dismissed', 'Dismissed'],
] as const

function timeQuery(id: string): InsightQuery {
  return {
    kind: 'TrendsQuery',
    series: SENT.map(([event, name]) => ({ kind: 'EventsNode', event, custom_name: name })),
    properties: [{ key: '$survey_id', type: 'event', operator: 'exact', value: [id] }],
    dateRange: { date_from: '-30d' },
    interval: 'day',
  }
}
