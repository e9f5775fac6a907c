/** Asks the server. Paths, parameters and answers are those of the OpenAPI document. */
import type { Answers } from './answers'
import type { paths } from './schema'

type Method = 'get' | 'post' | 'patch' | 'delete'

/** The paths that have this method. A path the server no longer has is an error of types. */
export type PathOf<M extends Method> = {
  [P in keyof paths]: paths[P] extends Record<M, { responses: unknown }> ? P : never
}[keyof paths] &
  string

type Success<R> = R extends { 200: infer A } ? A : R extends { 201: infer A } ? A : unknown
type Json<A> = A extends { content: { 'application/json': infer B } } ? B : undefined

/** What a path answers: from the document, or from `Answers` where the document has no detail. */
export type AnswerOf<P extends keyof paths, M extends Method> = `${M} ${P & string}` extends keyof Answers
  ? Answers[`${M} ${P & string}`]
  : paths[P] extends Record<M, { responses: infer R }>
    ? Json<Success<R>>
    : never

export interface Options {
  /** Values for the `{names}` in the path. */
  path?: Record<string, string | number>
  /** Parameters after the `?`; undefined ones are left out. */
  query?: Record<string, string | number | boolean | undefined>
  body?: unknown
  signal?: AbortSignal
}

/** The server's refusal, in its own words. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly detail: string,
    readonly attribute: string | null,
  ) {
    super(detail)
    this.name = 'ApiError'
  }
}

export const api = {
  get: <P extends PathOf<'get'>>(path: P, options: Options = {}) =>
    send('get', path, options) as Promise<AnswerOf<P, 'get'>>,
  post: <P extends PathOf<'post'>>(path: P, options: Options = {}) =>
    send('post', path, options) as Promise<AnswerOf<P, 'post'>>,
  patch: <P extends PathOf<'patch'>>(path: P, options: Options = {}) =>
    send('patch', path, options) as Promise<AnswerOf<P, 'patch'>>,
  delete: <P extends PathOf<'delete'>>(path: P, options: Options = {}) =>
    send('delete', path, options) as Promise<AnswerOf<P, 'delete'>>,
}

/** The address of a path with its names and parameters filled in. */
export function address(path: string, options: Pick<Options, 'path' | 'query'> = {}): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(String(options.path?.[name] ?? '')),
  )
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(options.query ?? {})) {
    if (value !== undefined) query.set(name, String(value))
  }
  const text = query.toString()
  return text === '' ? filled : `${filled}?${text}`
}

async function send(method: Method, path: string, options: Options): Promise<unknown> {
  const init: RequestInit = { method: method.toUpperCase(), credentials: 'same-origin' }
  if (options.signal) init.signal = options.signal
  if (options.body !== undefined) {
    init.body = JSON.stringify(options.body)
    init.headers = { 'content-type': 'application/json' }
  }
  let response: Response
  try {
    response = await fetch(address(path, options), init)
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error
    throw new ApiError(0, 'unreachable', 'The server cannot be reached.', null)
  }
  if (response.ok) return response.status === 204 ? undefined : response.json()
  throw await refusal(response)
}

async function refusal(response: Response): Promise<ApiError> {
  const body = (await response.json().catch(() => ({}))) as Record<string, unknown>
  const text = (name: string) => (typeof body[name] === 'string' ? body[name] : null)
  return new ApiError(
    response.status,
    text('code') ?? 'error',
    text('detail') ?? `The server answered ${response.status}.`,
    text('attr'),
  )
}
