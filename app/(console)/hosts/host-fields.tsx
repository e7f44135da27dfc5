'use client'

import { useTranslations } from 'next-intl'
import { type ReactNode, useState } from 'react'
import { RadioField } from '@/app/_ui/radio-field'
import { TextareaField, TextField } from '@/app/_ui/text-field'
import type { AuthKind, Host } from '@/lib/lvs/host'

/** What a host's form starts with: a stored host, whose secrets are never sent to the browser, or nothing. */
export type HostDraft = Pick<Host, 'name' | 'address' | 'port' | 'user' | 'authKind' | 'become'>

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="grid gap-5 border-t pt-5 first-of-type:border-t-0 first-of-type:pt-0">
      <h2 className="font-strong">{title}</h2>
      {children}
    </section>
  )
}

function SecretFields({ kind, isStored }: { kind: AuthKind; isStored: boolean }) {
  const t = useTranslations('hosts.form')
  const keep = isStored ? t('keep') : undefined
  const optional = useTranslations('common')('optional')
  if (kind === 'agent') return null
  if (kind === 'password')
    return (
      <TextField
        name="password"
        type="password"
        label={t('password')}
        help={keep ?? t('passwordHelp')}
        autoComplete="off"
      />
    )
  return (
    <>
      <TextareaField
        name="privateKey"
        label={t('privateKey')}
        help={keep ?? t('privateKeyHelp')}
        placeholder="-----BEGIN OPENSSH PRIVATE KEY-----"
        rows={5}
        mono
      />
      <TextField
        name="passphrase"
        type="password"
        label={t('passphrase')}
        help={t('passphraseHelp')}
        optional={optional}
        autoComplete="off"
      />
    </>
  )
}

/** The fields of a host in the operator's order: where it is, as whom, with what. */
export function HostFields({ draft, hasAgent }: { draft?: HostDraft; hasAgent: boolean }) {
  const t = useTranslations('hosts.form')
  const [kind, setKind] = useState<AuthKind>(draft?.authKind ?? 'key')
  return (
    <>
      <Section title={t('where')}>
        <TextField name="name" label={t('name')} help={t('nameHelp')} defaultValue={draft?.name} />
        <div className="grid grid-cols-[minmax(0,1fr)_7rem] items-start gap-4 max-sm:grid-cols-1">
          <TextField
            name="address"
            label={t('address')}
            help={t('addressHelp')}
            defaultValue={draft?.address}
            mono
          />
          <TextField
            name="port"
            label={t('port')}
            inputMode="numeric"
            defaultValue={draft?.port ?? 22}
            mono
          />
        </div>
      </Section>
      <Section title={t('login')}>
        <TextField
          name="user"
          label={t('user')}
          help={t('userHelp')}
          defaultValue={draft?.user ?? 'root'}
          autoComplete="off"
          mono
        />
        <RadioField
          name="become"
          label={t('become')}
          defaultValue={draft?.become ?? 'root'}
          options={[
            { value: 'root', label: t('root'), help: t('rootHelp') },
            { value: 'sudo', label: t('sudo'), help: t('sudoHelp') },
          ]}
        />
        <RadioField
          name="authKind"
          label={t('authKind')}
          defaultValue={kind}
          onChange={(value) => setKind(value as AuthKind)}
          options={[
            { value: 'key', label: t('key'), help: t('keyHelp') },
            { value: 'password', label: t('passwordKind'), help: t('passwordKindHelp') },
            {
              value: 'agent',
              label: t('agent'),
              help: t('agentHelp'),
              disabledReason: hasAgent ? undefined : t('agentAbsent'),
            },
          ]}
        />
        <SecretFields kind={kind} isStored={draft?.authKind === kind} />
      </Section>
    </>
  )
}
