/** Who is asked, in words; pure. */
import type { Survey } from '../../api/surveys'

const MATCHES: Record<string, string> = {
  icontains: 'whose address contains',
  not_icontains: 'whose address does not contain',
  exact: 'with the address',
  is_not: 'with another address than',
  regex: 'whose address matches',
  not_regex: 'whose address does not match',
}

type Asked = Pick<Survey, 'type' | 'conditions' | 'linked_flag'>

export function whoWords({ type, conditions, linked_flag: flag }: Asked): string {
  const who = flag ? `Everybody who gets the flag ${flag.key} is asked` : 'Everybody is asked'
  const url = conditions?.url
  const where = url ? ` on pages ${MATCHES[conditions.urlMatchType ?? 'icontains'] ?? 'with'} ${url}` : ''
  const days = conditions?.seenSurveyWaitPeriodInDays
  const wait = days ? `, if they have seen no survey for ${days} ${days === 1 ? 'day' : 'days'}` : ''
  const when = type === 'api' ? ' when your code shows it' : ''
  return `${who}${where}${when}${wait}.`
}
