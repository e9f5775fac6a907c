import { CopyButton } from './button'

/** Text to be copied whole. */
export function Code({ text }: { text: string }) {
  return (
    <div className="code">
      {/* Scrolled with the keyboard, it needs to take the focus. */}
      <pre tabIndex={0} aria-label="Code">
        <code>{text}</code>
      </pre>
      <CopyButton text={text} />
    </div>
  )
}
