import type { ReactNode } from 'react'

/** One section of an editor. */
export function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="editor-part" aria-label={title}>
      <h2 className="editor-title">{title}</h2>
      {children}
    </section>
  )
}
