'use client'

import { Menu as Base } from '@base-ui/react/menu'
import Link from 'next/link'
import type { ReactElement, ReactNode } from 'react'
import { cx } from './cx'
import { Icon, type IconName } from './icon'

export type MenuEntry =
  | {
      label: string
      icon?: IconName
      href?: string
      onSelect?: () => void
      danger?: boolean
      /** Why it cannot be chosen now; shown under the label. */
      disabledReason?: string | undefined
    }
  | 'separator'

const ITEM =
  'row-height flex min-w-0 items-center gap-2 rounded-control px-2 text-sm outline-none data-highlighted:bg-hover data-disabled:opacity-60'

function Entry({ entry }: { entry: Exclude<MenuEntry, 'separator'> }) {
  const { label, icon, href, onSelect, danger, disabledReason } = entry
  const look = cx(ITEM, danger === true ? 'text-bad' : 'text-text')
  const inside = (
    <>
      {icon !== undefined && <Icon name={icon} className={danger === true ? '' : 'text-muted'} />}
      <span className="min-w-0">
        {label}
        {disabledReason !== undefined && (
          <span className="block text-pretty pb-1 text-muted text-xs">{disabledReason}</span>
        )}
      </span>
    </>
  )
  if (href !== undefined && disabledReason === undefined)
    return (
      <Base.LinkItem render={<Link href={href} />} className={look} closeOnClick>
        {inside}
      </Base.LinkItem>
    )
  return (
    <Base.Item
      className={look}
      disabled={disabledReason !== undefined}
      {...(onSelect !== undefined && { onClick: onSelect })}
    >
      {inside}
    </Base.Item>
  )
}

/** A menu under a button. `head` is shown above the entries and cannot be chosen. */
export function Menu({
  trigger,
  entries,
  head,
  align = 'end',
}: {
  trigger: ReactElement
  entries: readonly MenuEntry[]
  head?: ReactNode
  align?: 'start' | 'end'
}) {
  return (
    <Base.Root modal={false}>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner sideOffset={6} align={align} className="z-50 outline-none">
          <Base.Popup className="min-w-48 max-w-[min(20rem,calc(100vw-2rem))] rounded-card border bg-raised p-1 shadow-float transition-opacity duration-120 data-ending-style:opacity-0 data-starting-style:opacity-0">
            {head !== undefined && <div className="mb-1 border-b px-2 pt-1 pb-2">{head}</div>}
            {entries.map((entry, index) =>
              entry === 'separator' ? (
                // biome-ignore lint/suspicious/noArrayIndexKey: a separator has no name, and never moves
                <Base.Separator key={index} className="my-1 border-t" />
              ) : (
                <Entry key={entry.label} entry={entry} />
              ),
            )}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}
