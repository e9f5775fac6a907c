import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { Suspense, useState } from 'react'
import { Redirect, Route, Switch } from 'wouter'
import { ApiError } from './api/client'
import { useSession } from './api/session'
import { ErrorBoundary } from './components/error-boundary'
import { Failure, Skeleton } from './components/states'
import { NotFound } from './pages/not-found'
import { PAGES } from './pages/registry'
import { JoinPage, SignInPage } from './pages/sign-in'
import { StartPage } from './pages/start'
import { ProjectShell } from './shell/shell'

export function App() {
  const [client] = useState(makeQueryClient)
  return (
    <QueryClientProvider client={client}>
      <ErrorBoundary>
        <Routes />
      </ErrorBoundary>
    </QueryClientProvider>
  )
}

/** A refusal will be a refusal again; only what may pass is tried again. */
function makeQueryClient(): QueryClient {
  const mayPass = (error: unknown) =>
    error instanceof ApiError && (error.status === 0 || error.status === 503)
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 10_000,
        refetchOnWindowFocus: false,
        retry: (failures, error) => failures < 5 && mayPass(error),
      },
    },
  })
}

function Routes() {
  const session = useSession()
  if (session.error) {
    return (
      <div className="plain">
        <Failure error={session.error} onRetry={() => void session.refetch()} />
      </div>
    )
  }
  if (!session.data) return null
  return (
    <Switch>
      <Route path="/join/:secret">{({ secret }) => <JoinPage secret={secret} />}</Route>
      <Route path="/sign-in">{session.data.signed_in ? <Redirect to="/" /> : <SignInPage />}</Route>
      {!session.data.signed_in && (
        <Route>
          <SignInPage />
        </Route>
      )}
      <Route path="/project/:project/*?">
        {({ project }) => (
          <ProjectShell project={project}>
            <ProjectPages project={project} />
          </ProjectShell>
        )}
      </Route>
      <Route path="/">
        <StartPage />
      </Route>
      <Route>
        <NotFound />
      </Route>
    </Switch>
  )
}

function ProjectPages({ project }: { project: string }) {
  return (
    <Suspense
      fallback={
        <div className="page">
          <Skeleton />
        </div>
      }
    >
      <Switch>
        <Route path="/project/:project">
          <Redirect to={`/project/${project}/home`} replace />
        </Route>
        {PAGES.map(({ path, component: Component }) => (
          <Route key={path} path={`/project/:project/${path}`}>
            {/* Another page of the same kind is a new page: nothing of the old one stays. */}
            <ErrorBoundary key={path}>
              <Component />
            </ErrorBoundary>
          </Route>
        ))}
        <Route>
          <NotFound />
        </Route>
      </Switch>
    </Suspense>
  )
}
