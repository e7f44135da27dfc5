'use client'

import { usePathname, useRouter, useSearchParams } from 'next/navigation'
import { useTranslations } from 'next-intl'
import { useId, useOptimistic, useTransition } from 'react'
import { Card } from '@/app/_ui/card'
import { cx } from '@/app/_ui/cx'
import { Icon } from '@/app/_ui/icon'
import {
  REVERT_CHOICES,
  type RevertChange,
  type RevertChoice,
  type RevertItem,
  type RevertValue,
} from '@/lib/lvs/revert-items'
import { formatRealServerKey, formatServiceKey } from '@/lib/lvs/service'
import { formatChoices, parseChoices } from './choices'

function useItemName(): (item: RevertItem) => string {
  const t = useTranslations('revert.item')
  return (item) => {
    switch (item.kind) {
      case 'option':
        return t(`option.${item.option}`)
      case 'director':
        return t('director', { name: item.name })
      case 'service':
        return t('service', { service: formatServiceKey(item.service) })
      case 'configuration':
        return t('configuration', { service: formatServiceKey(item.service) })
      case 'entry':
        return t('entry', {
          name: item.name,
          realServer: formatRealServerKey(item.realServer),
          service: formatServiceKey(item.service),
        })
      default:
        return item satisfies never
    }
  }
}

function Value({ value }: { value: RevertValue | undefined }) {
  const t = useTranslations('revert')
  if (value === undefined) return <span className="text-muted">{t('absent')}</span>
  return (
    <span>
      <span className="font-mono text-sm">{value.text}</span>
      {value.entries !== undefined && (
        <span className="text-muted text-sm"> · {t('entries', { count: value.entries })}</span>
      )}
    </span>
  )
}

/** From what it is now to what it was before. */
function FromTo({ now, before }: Pick<RevertChange, 'now' | 'before'>) {
  return (
    <span className="flex flex-wrap items-center gap-x-2">
      <Value value={now} />
      <Icon name="arrow-right" size={14} className="text-muted" />
      <Value value={before} />
    </span>
  )
}

function Rows({ changes }: { changes: readonly RevertChange[] }) {
  const nameOf = useItemName()
  return (
    <ul>
      {changes.map((change) => (
        <li
          key={change.id}
          className="grid gap-x-4 gap-y-1 border-t px-4 py-2.5 first:border-t-0 sm:grid-cols-2"
        >
          <span className="min-w-0 break-words font-strong">{nameOf(change.item)}</span>
          <FromTo {...change} />
        </li>
      ))}
    </ul>
  )
}

function Choice({
  change,
  chosen,
  onChoose,
}: {
  change: RevertChange
  chosen: RevertChoice | undefined
  onChoose: (choice: RevertChoice) => void
}) {
  const t = useTranslations('revert.conflict')
  const nameOf = useItemName()
  const id = useId()
  const values = { keep: change.now, back: change.before }
  return (
    <li className="border-t px-4 py-3 first:border-t-0">
      <fieldset>
        <legend className="mb-1.5 break-words font-strong">{nameOf(change.item)}</legend>
        <p className="mb-2 text-muted text-sm">
          {t.rich('applied', { value: () => <Value value={change.after} /> })}
        </p>
        <div className="grid gap-2 sm:grid-cols-2">
          {REVERT_CHOICES.map((choice) => (
            <label
              key={choice}
              htmlFor={`${id}-${choice}`}
              className={cx(
                'flex items-start gap-2.5 rounded-control border border-control px-3 py-2',
                'has-checked:border-accent has-checked:bg-accent-soft has-focus-visible:outline-2',
              )}
            >
              <input
                id={`${id}-${choice}`}
                type="radio"
                name={`${id}-choice`}
                checked={chosen === choice}
                onChange={() => onChoose(choice)}
                className="mt-0.5 size-4 shrink-0 accent-accent"
              />
              <span className="min-w-0">
                <span className="block text-sm">{t(choice)}</span>
                <Value value={values[choice]} />
              </span>
            </label>
          ))}
        </div>
      </fieldset>
    </li>
  )
}

/** Items that somebody changed since: another choice is another plan, so it is part of the address. */
function Conflicts({ changes }: { changes: readonly RevertChange[] }) {
  const t = useTranslations('revert.conflict')
  const router = useRouter()
  const pathname = usePathname()
  const given = useSearchParams()
  const [isPending, start] = useTransition()
  const inAddress = parseChoices({ keep: given.getAll('keep'), back: given.getAll('back') })
  // the hosts are read again for it, which takes a second: the choice must not look as if it had not been made
  const [choices, choose] = useOptimistic(inAddress)
  const onChoose = (id: string, choice: RevertChoice) =>
    start(() => {
      const all = { ...choices, [id]: choice }
      choose(all)
      const others = new URLSearchParams(given)
      for (const name of REVERT_CHOICES) {
        others.delete(name)
        for (const each of formatChoices(all)[name]) others.append(name, each)
      }
      router.replace(`${pathname}?${others}`, { scroll: false })
    })
  return (
    <Card
      title={t('title', { count: changes.length })}
      note={t('note')}
      padded={false}
      actions={isPending && <Icon name="running" className="text-info" />}
    >
      <ul>
        {changes.map((change) => (
          <Choice
            key={change.id}
            change={change}
            chosen={choices[change.id]}
            onChoose={(choice) => onChoose(change.id, choice)}
          />
        ))}
      </ul>
    </Card>
  )
}

/** What a revert makes desired, item by item: what is to be chosen first. */
export function RevertChanges({ changes }: { changes: readonly RevertChange[] }) {
  const t = useTranslations('revert')
  const of = (state: RevertChange['state']) => changes.filter((each) => each.state === state)
  const [conflicts, back, already] = [of('conflict'), of('back'), of('already')]
  return (
    <>
      {conflicts.length > 0 && <Conflicts changes={conflicts} />}
      {back.length > 0 && (
        <Card title={t('back.title')} note={t('back.note')} padded={false}>
          <Rows changes={back} />
        </Card>
      )}
      {already.length > 0 && (
        <p className="text-muted text-sm">{t('already', { count: already.length })}</p>
      )}
    </>
  )
}
