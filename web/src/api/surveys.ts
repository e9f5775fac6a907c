/** Surveys: as the API gives them, asked for and changed. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { Page } from './answers'
import { api } from './client'
import { useProjectId } from './project'

export type QuestionType = 'open' | 'rating' | 'single_choice' | 'multiple_choice' | 'link'

/** One question; fields of newer clients go along unseen. */
export interface Question {
  id?: string
  type: QuestionType
  question: string
  description?: string | null
  optional?: boolean
  buttonText?: string
  scale?: number | null
  display?: 'number' | 'emoji'
  lowerBoundLabel?: string
  upperBoundLabel?: string
  choices?: string[] | null
  /** The last choice can be written freely. */
  hasOpenChoice?: boolean
  link?: string | null
  [newer: string]: unknown
}

export interface Appearance {
  backgroundColor?: string
  submitButtonColor?: string
  ratingButtonActiveColor?: string
  position?: string
  whiteLabel?: boolean
  displayThankYouMessage?: boolean
  thankYouMessageHeader?: string
  thankYouMessageDescription?: string
  widgetType?: string
  widgetLabel?: string
  widgetColor?: string
  [newer: string]: unknown
}

export interface SurveyConditions {
  url?: string
  urlMatchType?: string
  seenSurveyWaitPeriodInDays?: number
  [newer: string]: unknown
}

export interface Survey {
  id: string
  name: string
  description: string
  type: string
  questions: Question[]
  appearance: Appearance | null
  conditions: SurveyConditions | null
  linked_flag_id: number | null
  linked_flag: { key: string } | null
  start_date: string | null
  end_date: string | null
  responses_limit: number | null
  archived: boolean
  created_at: string
  updated_at: string
}

interface EventCount {
  total_count: number
  unique_persons: number
  first_seen: string | null
  last_seen: string | null
}

export interface OpenAnswer {
  answer: string
  distinct_id: string
  person_id: string
  timestamp: string
}

export interface QuestionResult {
  id: string
  type: QuestionType
  question: string
  /** Of ratings and choices. */
  total?: number
  average?: number | null
  counts?: { value: number; count: number }[]
  nps?: { promoters: number; passives: number; detractors: number; score: number }
  choices?: { choice: string; count: number }[]
  other?: number
  other_answers?: { answer: string; count: number }[]
  /** Of open questions and links, the newest first. */
  answers?: OpenAnswer[]
}

export interface SurveyStats {
  stats: Record<'survey shown' | 'survey dismissed' | 'survey sent', EventCount>
  rates: Record<string, number>
  questions: QuestionResult[]
}

export interface SurveyResponse {
  timestamp: string
  distinct_id: string
  person_id: string
  /** Texts by the id of the question; several choices are a list in JSON. */
  answers: Record<string, string>
}

/** Fields that a request sets. */
export type SurveyFields = Partial<Omit<Survey, 'id' | 'linked_flag' | 'created_at' | 'updated_at'>>

const LIST_MAX = 1000

export function useSurveys(search = '') {
  const project = useProjectId()
  return useQuery({
    queryKey: ['surveys', project, 'list', search],
    queryFn: async ({ signal }) => {
      const page = await api.get('/api/projects/{project_id}/surveys', {
        path: { project_id: project },
        query: { limit: LIST_MAX, search: search || undefined },
        signal,
      })
      return page as unknown as Page<Survey>
    },
    placeholderData: (before) => before,
  })
}

/** How many answers each survey has; those without any are not in it. */
export function useResponseCounts() {
  const project = useProjectId()
  return useQuery({
    queryKey: ['surveys', project, 'counts'],
    queryFn: async ({ signal }) =>
      (await api.get('/api/projects/{project_id}/surveys/responses_count', {
        path: { project_id: project },
        signal,
      })) as unknown as Record<string, number>,
  })
}

export function useSurvey(id: string) {
  const project = useProjectId()
  return useQuery({
    queryKey: ['surveys', project, 'one', id],
    queryFn: async ({ signal }) => {
      const one = await api.get('/api/projects/{project_id}/surveys/{survey_id}', {
        path: { project_id: project, survey_id: id },
        signal,
      })
      return one as unknown as Survey
    },
  })
}

export function useSurveyStats(id: string) {
  const project = useProjectId()
  return useQuery({
    queryKey: ['surveys', project, 'stats', id],
    queryFn: async ({ signal }) => {
      const stats = await api.get('/api/projects/{project_id}/surveys/{survey_id}/stats', {
        path: { project_id: project, survey_id: id },
        signal,
      })
      return stats as unknown as SurveyStats
    },
  })
}

/** All whole answers, the newest first; page by page, as there may be many. */
export async function allResponses(project: string, id: string): Promise<SurveyResponse[]> {
  const found: SurveyResponse[] = []
  for (;;) {
    const answer = await api.get('/api/projects/{project_id}/surveys/{survey_id}/responses', {
      path: { project_id: project, survey_id: id },
      query: { limit: LIST_MAX, offset: found.length },
    })
    const page = answer as unknown as Page<SurveyResponse>
    found.push(...page.results)
    if (page.next === null) return found
  }
}

/** Changes a survey, or makes one where the id is null. */
export function useChangeSurvey() {
  const project = useProjectId()
  const client = useQueryClient()
  return useMutation({
    mutationFn: async ({ id, ...body }: SurveyFields & { id: string | null }) => {
      const changed =
        id === null
          ? await api.post('/api/projects/{project_id}/surveys', { path: { project_id: project }, body })
          : await api.patch('/api/projects/{project_id}/surveys/{survey_id}', {
              path: { project_id: project, survey_id: id },
              body,
            })
      return changed as unknown as Survey
    },
    onSuccess: (changed) => {
      client.setQueryData(['surveys', project, 'one', changed.id], changed)
      return client.invalidateQueries({ queryKey: ['surveys', project] })
    },
  })
}

export function useDeleteSurvey() {
  const project = useProjectId()
  const client = useQueryClient()
  return useMutation({
    mutationFn: (id: string) =>
      api.delete('/api/projects/{project_id}/surveys/{survey_id}', {
        path: { project_id: project, survey_id: id },
      }),
    onSuccess: (_, id) => {
      client.removeQueries({ queryKey: ['surveys', project, 'one', id] })
      return client.invalidateQueries({ queryKey: ['surveys', project] })
    },
  })
}
