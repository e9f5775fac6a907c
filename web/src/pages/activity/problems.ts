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
  cookieless_missing_user_agent:
    'A visitor without cookies is told apart by the browser, and the event named none. Send `$raw_user_agent`.',
  cookieless_missing_ip:
    'A visitor without cookies is told apart by the address, and there was none. Let the proxy before this server pass it on, and trust it.',
  cookieless_missing_host: 'A visitor without cookies is told apart for each site. Send `$host`.',
  cookieless_timestamp_out_of_range:
    'The day of the event is over for more than 72 hours, so its visitors can no longer be told apart.',
  session_recording_switched_off:
    'A browser sent a recording while session replay is off. Switch it on under Session replay, or off in the SDK.',
  session_recording_over_quota:
    'Recordings take all the room that the project gives them. Raise `session_recording_quota_megabytes`, or keep them for fewer days.',
  cannot_merge_already_identified:
    'Two people who were both identified were not merged. If they are the same, merge them on purpose.',
  cannot_merge_with_illegal_distinct_id:
    'A merge named an id that stands for nobody, such as "anonymous". Check what `alias` and `identify` are called with.',
}

export function adviceOn(reason: string): string {
  return ADVICE[reason] ?? 'The details show what was sent and what was wrong with it.'
}
