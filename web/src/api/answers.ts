/** Answers that the OpenAPI document leaves open (`object`), by method and path. */

export type Properties = Record<string, unknown>

export interface Person {
  id: string
  name: string
  distinct_ids: string[]
  properties: Properties
  is_identified: boolean
  created_at: string
}

export interface StoredEvent {
  uuid: string
  event: string
  distinct_id: string
  timestamp: string
  properties: Properties
  person: { id: string; properties: Properties } | null
  elements_chain: string
}

export interface Page<T> {
  count?: number
  next: string | null
  results: T[]
}

export interface Project {
  id: number
  name: string
  api_token: string
  timezone: string
  created_at: string
  [setting: string]: unknown
}

interface Described {
  id: string
  name: string
  description: string
  tags: string[]
  verified: boolean
  hidden: boolean
}

export interface EventDefinition extends Described {
  last_seen_at: string
}

export interface PropertyDefinition extends Described {
  property_type: string | null
}

export interface GroupType {
  group_type: string
  group_type_index: number
}

export interface Group {
  group_type_index: number
  group_key: string
  group_properties: Properties
  created_at: string
}

export interface IngestionWarning {
  type: string
  category: string
  severity: string
  count: number
  last_seen: string
  warnings: { timestamp: string; details: Properties }[]
}

export interface Status {
  version: string
  log: { end: number }
  ingest: {
    position: number
    waiting_bytes: number
    historical_waiting_bytes: number
    lag_events: number
    lag_seconds: number
    running: boolean
    last_error: string | null
    alarm: string | null
  }
  outcomes: {
    received: number
    stored: number
    duplicates: number
    dead_lettered: number
    dropped: Record<string, number>
  }
  newest_event_age_seconds: number | null
  disk_bytes: Record<string, number>
}

export interface QueryAnswer {
  results: unknown[][]
  columns: string[]
  types: string[][]
  hasMore: boolean
  limit: number
  offset: number
  timings: { k: string; t: number }[]
  timezone: string
}

export interface RecordingEntry {
  id: string
  distinct_id: string
  person: Person | null
  start_time: string
  end_time: string
  /** Seconds. */
  recording_duration: number
  start_url: string
  click_count: number
  keypress_count: number
  console_error_count: number
  window_count: number
  size_bytes: number
}

export interface RecordedPart {
  type: number
  timestamp: number
  windowId: string
  data: unknown
}

export interface Answers {
  'get /api/projects/{project_id}/persons/cohorts': { results: { id: number; name: string }[] }
  'get /api/projects/{project_id}/session_recordings': Page<RecordingEntry> & { has_next: boolean }
  'get /api/projects/{project_id}/session_recordings/{session_id}': RecordingEntry
  'get /api/projects/{project_id}/session_recordings/{session_id}/snapshots': {
    snapshots: RecordedPart[]
    next: string | null
  }
  'get /api/projects/{project_id}/persons': Page<Person>
  'get /api/projects/{project_id}/persons/{person_id}': Person
  'get /api/projects/{project_id}/events': Page<StoredEvent>
  'get /api/projects/{project_id}/events/{event_id}': StoredEvent
  'get /api/projects': Page<Project>
  'post /api/projects': Project
  'get /api/projects/{project_id}': Project
  'patch /api/projects/{project_id}': Project
  'get /api/projects/{project_id}/event_definitions': Page<EventDefinition>
  'get /api/projects/{project_id}/property_definitions': Page<PropertyDefinition>
  'patch /api/projects/{project_id}/event_definitions/{definition}': EventDefinition
  'patch /api/projects/{project_id}/property_definitions/{definition}': PropertyDefinition
  'get /api/projects/{project_id}/groups': Page<Group>
  'get /api/projects/{project_id}/groups/find': Group
  'get /api/projects/{project_id}/groups_types': GroupType[]
  'get /api/projects/{project_id}/ingestion_warnings': Page<IngestionWarning>
  'get /_status': Status
  'post /api/projects/{project_id}/query': QueryAnswer
}
