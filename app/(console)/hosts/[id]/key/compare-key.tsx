'use client'

import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { ActionForm } from '@/app/_components/action-form'
import { Moment } from '@/app/_ui/age'
import { Banner } from '@/app/_ui/banner'
import { Card } from '@/app/_ui/card'
import { CheckboxField } from '@/app/_ui/checkbox-field'
import { CodeBlock } from '@/app/_ui/code'
import { LinkButton } from '@/app/_ui/link-button'
import { SubmitButton } from '@/app/_ui/submit-button'
import { paths } from '@/app/paths'
import { approveHostKeyAction } from '../../actions'
import { hostKeyCommand } from './host-key-command'

type Key = { fingerprint: string; type: string }

type Props = {
  host: { id: string; name: string; address: string }
  presented: Key
  approved: { fingerprint: string; at: number; by: string } | undefined
}

function Fingerprint({
  label,
  text,
  note,
}: {
  label: string
  text: string
  note?: React.ReactNode
}) {
  const t = useTranslations('hosts.key')
  return (
    <div>
      <p className="mb-1 flex flex-wrap justify-between gap-x-4 text-sm">
        <span className="font-strong">{label}</span>
        {note !== undefined && <span className="text-muted">{note}</span>}
      </p>
      <CodeBlock text={text} copyLabel={t('copyFingerprint')} wrap />
    </div>
  )
}

/** A key that nobody has approved, or another one than the approved: a person compares, then decides. */
export function CompareKey({ host, presented, approved }: Props) {
  const t = useTranslations('hosts.key')
  const [isSure, setSure] = useState(false)
  const isChanged = approved !== undefined
  return (
    <div className="grid grid-cols-1 gap-6">
      {isChanged && (
        <Banner tone="bad" icon="key-warn" title={t('changedTitle', { name: host.name })}>
          {t('changedText')}
        </Banner>
      )}
      <Card id="compare" {...(!isChanged && { title: t('newTitle', { name: host.name }) })}>
        <ActionForm
          action={approveHostKeyAction}
          hidden={{ hostId: host.id, fingerprint: presented.fingerprint }}
        >
          {!isChanged && (
            <div className="max-w-[72ch] text-pretty">
              <p>{t('newText', { address: host.address })}</p>
              <p className="mt-1 text-muted text-sm">{t('nothingSent')}</p>
            </div>
          )}
          {isChanged && (
            <Fingerprint
              label={t('approvedBefore')}
              text={approved.fingerprint}
              note={
                <>
                  {t('by', { name: approved.by })} · <Moment at={approved.at} />
                </>
              }
            />
          )}
          <Fingerprint
            label={t('presented', { address: host.address })}
            text={presented.fingerprint}
            note={presented.type}
          />
          <div>
            <p className="mb-1 font-strong text-sm">{t('compare')}</p>
            <CodeBlock
              text={hostKeyCommand(presented.type)}
              prompt="$"
              copyLabel={t('copyCommand')}
              wrap
            />
          </div>
          {isChanged && <CheckboxField name="sure" label={t('confirm')} onChange={setSure} />}
          <footer className="flex flex-wrap items-center gap-2 border-t pt-4">
            {isChanged ? (
              <SubmitButton
                variant="danger"
                disabledReason={isSure ? undefined : t('confirmFirst')}
              >
                {t('approveChanged')}
              </SubmitButton>
            ) : (
              <SubmitButton icon="key-ok">{t('approve')}</SubmitButton>
            )}
            <LinkButton href={paths.host(host.id)} variant="quiet">
              {t('back', { name: host.name })}
            </LinkButton>
          </footer>
        </ActionForm>
      </Card>
    </div>
  )
}
