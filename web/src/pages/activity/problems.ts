/** What to do about each reason that ingest gives for dropping or changing an event. What stands
 * between backticks is code. */
const ADVICE: Record<string, string | undefined> = {
  missing_event_name:
    'The event had no name. Give `capture` one; names are kept to 200 characters.',
  missing_distinct_id:
    'The event had no distinct id, so it belongs to nobody. Send `distinct_id` with each event.',
  skipping_event_invalid_distinct_id:
    'The distinct id was empty, or one that stands for nobody, such as "null" or "undefined". Identify people only once their id is known.',
  performance_event: '$performance_event belongs to an old version of the SDK and is not stored.',
  token_dropper: 'HEDGEROW_DROP_EVENTS of this server says to drop events of this distinct id.',
  invalid_event_when_process_person_profile_is_false:
    'An event without a person profile cannot change a person. Send it with `$process_person_profile` true, or leave it out.',
  invalid_process_person_profile:
    '`$process_person_profile` must be true or false; anything else counts as true.',
  ignored_invalid_timestamp:
    "The event's time could not be read, so the time of its arrival stands for it. Send ISO 8601.",
  person_properties_size_violation:
    'The person has more properties than fit. Send less in `$set`, or unset what is no longer used.',
  client_ingestion_warning: 'The SDK itself reported a problem; the details say which.',
  number_out_of_range:
    'A number was too large to be stored exactly. Send large ids as text.',
  cannot_merge_already_identified:
    'Two people who were both identified were not merged. If they are the same, merge them on purpose.',
  cannot_merge_with_illegal_distinct_id:
    'A merge named an id that stands for nobody, such as "anonymous". Check what `alias` and `identify` are called with.',
}

export function adviceOn(reason: string): string {
  return ADVICE[reason] ?? 'The details show what was sent and what was wrong with it.'
}
