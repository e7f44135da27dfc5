'use client'

import { useRouter } from 'next/navigation'
import { useTranslations } from 'next-intl'
import {
  createContext,
  type ReactNode,
  startTransition,
  useActionState,
  useContext,
  useEffect,
  useEffectEvent,
  useRef,
} from 'react'
import { FailureBanner } from '@/app/_components/failure-banner'
import { useOnce } from '@/app/_components/use-once'
import { Button } from '@/app/_ui/button'
import { LinkButton } from '@/app/_ui/link-button'
import { State } from '@/app/_ui/state'
import { useToast } from '@/app/_ui/toast'
import { paths } from '@/app/paths'
import type { Failure } from '@/lib/errors'
import { testConnectionAction } from '../../actions'

type Test = {
  hostId: string
  isRunning: boolean
  failure: Failure | undefined
  run: () => void
}

const TestContext = createContext<Test | undefined>(undefined)

function useTest(): Test {
  const test = useContext(TestContext)
  if (test === undefined) throw new Error('used outside of TestConnection')
  return test
}

/** Runs the probe from a button, and once by itself after a key was approved; button and outcome stand apart. */
export function TestConnection({
  host,
  autoStart,
  children,
}: {
  host: { id: string; name: string }
  autoStart: boolean
  children: ReactNode
}) {
  const t = useTranslations('hosts.page')
  const toast = useToast()
  const router = useRouter()
  const [state, send, isRunning] = useActionState(testConnectionAction, undefined)
  const run = () => {
    const data = new FormData()
    data.set('hostId', host.id)
    startTransition(() => send(data))
  }

  const hasStarted = useRef(false)
  const start = useEffectEvent(() => {
    // In development effects run twice; a host is read once.
    if (hasStarted.current) return
    hasStarted.current = true
    router.replace(paths.host(host.id))
    run()
  })
  useEffect(() => {
    if (autoStart) start()
  }, [autoStart])

  useOnce(state, (answer) => {
    if (answer.ok) toast('ok', t('tested', { name: host.name }))
  })

  const failure = state?.ok === false && !isRunning ? state.failure : undefined
  return <TestContext value={{ hostId: host.id, isRunning, failure, run }}>{children}</TestContext>
}

/** Starts the probe; lies within TestConnection. */
export function TestButton({ disabledReason }: { disabledReason: string | undefined }) {
  const { isRunning, run } = useTest()
  const t = useTranslations('hosts.page')
  return (
    <Button
      variant="primary"
      icon="refresh"
      pending={isRunning}
      disabledReason={disabledReason}
      onClick={run}
    >
      {t('test')}
    </Button>
  )
}

/** The state of the host: what the database knows, or that the last test has just failed. */
export function TestState({ children }: { children: ReactNode }) {
  const { failure } = useTest()
  const t = useTranslations('hosts.page')
  if (failure === undefined) return children
  return (
    <State tone="bad" quiet>
      {t('notRead')}
    </State>
  )
}

/** What went wrong in the last probe; lies within TestConnection. */
export function TestOutcome() {
  const { hostId, failure } = useTest()
  const t = useTranslations('hosts.page')
  if (failure === undefined) return null
  const isKey = failure.reason.startsWith('unreachable.host-key')
  return (
    <FailureBanner
      failure={failure}
      actions={
        isKey && (
          <LinkButton href={paths.hostKey(hostId)} icon="key">
            {t('compareKey')}
          </LinkButton>
        )
      }
    />
  )
}
