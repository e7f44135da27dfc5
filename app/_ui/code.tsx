import { CopyButton } from './copy-button'
import { cx } from './cx'

/** An address, key or command within a sentence. */
export function Code({ children }: { children: string }) {
  return (
    <code className="break-words rounded-chip bg-sunken px-1 py-px font-mono text-[0.93em]">
      {children}
    </code>
  )
}

/**
 * A command or the output of one, whole, in one block with copy.
 * `prompt` is drawn before it and not copied: `$` for a user, `#` for root.
 */
export function CodeBlock({
  text,
  prompt,
  copyLabel,
  wrap = false,
  className,
}: {
  text: string
  prompt?: '$' | '#' | undefined
  copyLabel?: string | undefined
  /** Breaks long lines instead of scrolling them. */
  wrap?: boolean
  className?: string | undefined
}) {
  return (
    <div className={cx('flex items-start rounded-control border bg-sunken', className)}>
      <pre
        // A block that scrolls must be reachable by keyboard.
        // biome-ignore lint/a11y/noNoninteractiveTabindex: WCAG 2.1.1 wants scrollable regions focusable
        tabIndex={0}
        className={cx(
          'min-w-0 flex-1 overflow-x-auto rounded-control px-3 py-1.5 font-mono text-sm text-text',
          wrap && 'wrap-anywhere whitespace-pre-wrap',
        )}
      >
        {prompt !== undefined && (
          <span aria-hidden className="select-none text-muted">
            {prompt}{' '}
          </span>
        )}
        {text}
      </pre>
      <CopyButton text={text} label={copyLabel} className="m-0.5" />
    </div>
  )
}
