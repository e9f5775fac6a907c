import { describe, expect, it } from 'vitest'
import type { Question, Survey } from '../../api/surveys'
import { drawn, hex, readableOn } from './appearance'
import { responsesCsv, shownAnswer } from './responses-csv'
import {
  draftOf,
  isoTime,
  isSame,
  localTime,
  newDraft,
  newQuestion,
  problemsOf,
  sentOf,
  withScale,
  withType,
} from './survey-draft'
import { stateOf } from './survey-state'
import { whoWords } from './who-words'

const NOW = new Date('2026-11-24T12:00:00Z')

const survey = (fields: Partial<Survey>): Survey => ({
  id: 'a',
  name: 'After the order',
  description: '',
  type: 'popover',
  questions: [],
  appearance: null,
  conditions: null,
  linked_flag_id: null,
  linked_flag: null,
  start_date: null,
  end_date: null,
  responses_limit: null,
  archived: false,
  created_at: '',
  updated_at: '',
  ...fields,
})

const rating: Question = {
  id: 'q',
  type: 'rating',
  question: 'How likely?',
  scale: 5,
  display: 'emoji',
  branching: { type: 'end' },
}

describe('a survey that is edited', () => {
  it('is sent back as it came when nothing was changed, fields of newer clients included', () => {
    const kept = survey({
      questions: [rating],
      conditions: { url: '/thanks', urlMatchType: 'regex', selector: '#order' },
      appearance: { zIndex: '9' },
      start_date: '2026-11-01T00:00:00Z',
    })
    const sent = sentOf(draftOf(kept))
    expect(sent.questions).toEqual(kept.questions)
    expect(sent.conditions).toEqual(kept.conditions)
    expect(sent.appearance).toEqual(kept.appearance)
    expect(sent.start_date).toBe(kept.start_date)
    expect(isSame(draftOf(kept), draftOf(kept))).toBe(true)
  })

  it('has no conditions where the address is empty', () => {
    const draft = { ...newDraft(), conditions: { url: ' ', urlMatchType: 'exact' } }
    expect(sentOf(draft).conditions).toBeNull()
    expect(sentOf({ ...draft, conditions: { url: '/a' } }).conditions).toEqual({ url: '/a', urlMatchType: 'icontains' })
  })

  it('says what is missing, at its place', () => {
    const draft = { ...newDraft(), questions: [newQuestion('rating'), newQuestion('single_choice'), newQuestion('link')] }
    expect(Object.keys(problemsOf(draft))).toEqual(['name', 'questions.0.question', 'questions.1.question', 'questions.2.question'])
    const wrong = problemsOf({
      ...draft,
      name: 'A',
      questions: [
        { ...newQuestion('rating'), question: 'How?' },
        { ...newQuestion('single_choice'), question: 'Which?', choices: ['A', 'A'] },
        { ...newQuestion('link'), question: 'There?', link: 'javascript:alert(1)' },
      ],
      conditions: { seenSurveyWaitPeriodInDays: 1.5 },
      responsesLimit: 0,
      start: '2026-11-02T00:00:00Z',
      end: '2026-11-01T00:00:00.000Z',
    })
    expect(Object.keys(wrong)).toEqual(['questions.1.choices', 'questions.2.link', 'end_date', 'wait', 'responses_limit'])
    expect(problemsOf({ ...draft, questions: [] }).questions).toBeDefined()
  })

  it('asks the same question in another way, keeping its id', () => {
    const choice = withType(rating, 'multiple_choice')
    expect(choice).toMatchObject({ id: 'q', question: 'How likely?', choices: ['Yes', 'No'] })
    expect(choice).not.toHaveProperty('scale')
    expect(choice).not.toHaveProperty('branching')
    expect(withType(choice, 'open')).not.toHaveProperty('choices')
  })

  it('draws faces only on scales that have some', () => {
    expect(withScale(rating, 10).display).toBe('number')
    expect(withScale(rating, 3).display).toBe('emoji')
    expect(withScale({ ...rating, display: 'number' }, 2).display).toBe('emoji')
  })

  it('keeps a time through the form field', () => {
    expect(isoTime(localTime('2026-11-24T12:30:00.000Z'))).toBe('2026-11-24T12:30:00.000Z')
    expect(localTime(null)).toBe('')
    expect(isoTime('')).toBeNull()
  })
})

describe('where a survey stands', () => {
  it('follows from its dates', () => {
    expect(stateOf(survey({}), NOW)).toBe('draft')
    expect(stateOf(survey({ start_date: '2026-12-01T00:00:00Z' }), NOW)).toBe('planned')
    expect(stateOf(survey({ start_date: '2026-11-01T00:00:00Z' }), NOW)).toBe('running')
    expect(stateOf(survey({ start_date: '2026-11-01T00:00:00Z', end_date: '2026-12-01T00:00:00Z' }), NOW)).toBe('running')
    expect(stateOf(survey({ start_date: '2026-11-01T00:00:00Z', end_date: '2026-11-02T00:00:00Z' }), NOW)).toBe('ended')
    expect(stateOf(survey({ start_date: '2026-11-01T00:00:00Z', archived: true }), NOW)).toBe('archived')
  })

  it('says who is asked', () => {
    expect(whoWords(survey({}))).toBe('Everybody is asked.')
    const narrow = survey({
      linked_flag: { key: 'beta' },
      conditions: { url: '/thanks', urlMatchType: 'exact', seenSurveyWaitPeriodInDays: 30 },
    })
    expect(whoWords(narrow)).toBe(
      'Everybody who gets the flag beta is asked on pages with the address /thanks, if they have seen no survey for 30 days.',
    )
  })
})

describe('how it is drawn', () => {
  it('writes black or white, whichever is readable', () => {
    expect(readableOn('#ffffff')).toBe('#020617')
    expect(readableOn('#1d7347')).toBe('#ffffff')
    expect(drawn({ submitButtonColor: '#ffee00' }).submitText).toBe('#020617')
  })

  it('takes no colour that it cannot read', () => {
    expect(hex('#abc', '#000000')).toBe('#aabbcc')
    expect(hex('White', '#000000')).toBe('#ffffff')
    expect(hex('red; background: url(//evil)', '#000000')).toBe('#000000')
    expect(hex(7, '#000000')).toBe('#000000')
  })
})

describe('answers as a file', () => {
  it('has a column for each question, and no formulas', () => {
    const questions: Question[] = [
      { id: 'q1', type: 'multiple_choice', question: 'Which?' },
      { id: 'q2', type: 'open', question: 'Why, then?' },
    ]
    const answers = { q1: '["A","B"]', q2: '=1+1' }
    const row = { timestamp: '2026-11-24T12:00:00Z', distinct_id: 'ada', person_id: 'p', answers }
    expect(responsesCsv(questions, [row])).toBe(
      "time,distinct_id,person_id,Which?,\"Why, then?\"\r\n2026-11-24T12:00:00Z,ada,p,A; B,'=1+1\r\n",
    )
    expect(shownAnswer('[not json')).toBe('[not json')
  })
})
