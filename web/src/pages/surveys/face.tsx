/** A face from -1 (sad) to 1 (glad). */
export function Face({ mood }: { mood: number }) {
  const curve = 15 + 4 * mood
  return (
    <svg className="face" viewBox="0 0 24 24" aria-hidden="true">
      <circle cx="12" cy="12" r="10" />
      <path d={`M9 9.500v.6M15 9.500v.6M8 ${15 - mood}Q12 ${curve} 16 ${15 - mood}`} />
    </svg>
  )
}
