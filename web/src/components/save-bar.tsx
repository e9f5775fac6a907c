import type { ReactNode } from 'react'

interface SaveBarProps {
  /** What has not been saved, or why it cannot be. */
  text: ReactNode
  isWrong?: boolean
  /** Its buttons. */
  children: ReactNode
}

/** Stays in sight at the foot of a long form. */
export function SaveBar({ text, isWrong, children }: SaveBarProps) {
  return (
    <div className="save-bar">
      <span className={isWrong ? 'grow wrap field-error' : 'grow wrap soft small'}>{text}</span>
      {children}
    </div>
  )
}
