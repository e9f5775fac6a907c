import { useState, type ButtonHTMLAttributes } from 'react'
import { Icon, type IconName } from './icon'

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  kind?: 'primary' | 'quiet' | 'danger' | undefined
  small?: boolean
  icon?: IconName
}

export function Button({ kind, small, icon, className, children, ...rest }: ButtonProps) {
  const names = ['button', kind && `button-${kind}`, small && 'button-small', className]
  return (
    <button type="button" className={names.filter(Boolean).join(' ')} {...rest}>
      {icon && <Icon name={icon} />}
      {children}
    </button>
  )
}

const COPIED_MS = 1600

/** Says "Copied" for a moment after it has put `text` on the clipboard. */
export function CopyButton({ text, label = 'Copy' }: { text: string; label?: string }) {
  const [copied, setCopied] = useState(false)
  const copy = async () => {
    await copyText(text)
    setCopied(true)
    setTimeout(() => setCopied(false), COPIED_MS)
  }
  return (
    <Button small icon={copied ? 'check' : 'copy'} onClick={() => void copy()}>
      <span aria-live="polite">{copied ? 'Copied' : label}</span>
    </Button>
  )
}

/** The clipboard's own interface exists only on secure pages, and many run Hedgerow on plain HTTP. */
async function copyText(text: string): Promise<void> {
  if (window.isSecureContext) {
    await navigator.clipboard.writeText(text)
    return
  }
  const field = document.createElement('textarea')
  field.value = text
  document.body.append(field)
  field.select()
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- the only way on a plain page
  document.execCommand('copy')
  field.remove()
}
