import { useEffect, type ReactNode } from 'react'

interface PageProps {
  title: string
  intro?: ReactNode
  actions?: ReactNode
  children: ReactNode
}

/** One page in the shell: its title (also the window's), what it is for, its actions, its content. */
export function Page({ title, intro, actions, children }: PageProps) {
  useEffect(() => {
    document.title = `${title} - Hedgerow`
  }, [title])
  return (
    <div className="page">
      <div className="page-head">
        <h1>{title}</h1>
        {actions && <div className="row row-wrap">{actions}</div>}
      </div>
      {intro && <p className="page-intro">{intro}</p>}
      {children}
    </div>
  )
}

export function Card({ title, actions, children }: Partial<PageProps>) {
  return (
    <section className="card">
      {title !== undefined && (
        <div className="card-head">
          <h2>{title}</h2>
          {actions}
        </div>
      )}
      <div className="card-body">{children}</div>
    </section>
  )
}

interface FigureProps {
  name: string
  /** For words instead of a number: a smaller size. */
  text?: boolean
  children: ReactNode
}

/** Big numbers side by side. */
export function Figures({ children }: { children: ReactNode }) {
  return <dl className="figures">{children}</dl>
}

export function Figure({ name, text, children }: FigureProps) {
  return (
    <div className="figure">
      <dt>{name}</dt>
      <dd className={text ? 'figure-text' : undefined}>{children}</dd>
    </div>
  )
}
