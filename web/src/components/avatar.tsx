const QUESTION_MARK = 63

export function Avatar({ name, large }: { name: string; large?: boolean }) {
  const letter = String.fromCodePoint(name.trim().codePointAt(0) ?? QUESTION_MARK)
  return (
    <span className={large ? 'avatar avatar-large' : 'avatar'} aria-hidden="true">
      {letter.toUpperCase()}
    </span>
  )
}
