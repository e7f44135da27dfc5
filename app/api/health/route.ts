import { isFirstRun } from '@/lib/auth/first-run'
import { log } from '@/lib/log'

/** Tells a supervisor whether we serve: the database was asked just now. Nothing else is told to a stranger. */
export async function GET(): Promise<Response> {
  try {
    await isFirstRun()
    return Response.json({ status: 'ok' })
  } catch (error) {
    log.error('The database does not answer.', { error })
    return Response.json({ status: 'failed' }, { status: 503 })
  }
}
