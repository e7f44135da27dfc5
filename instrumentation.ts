/**
 * Runs once when the server starts, before the first request: starts what runs by itself, and ends it cleanly.
 * NEXT_MANUAL_SIG_HANDLE is set by scripts/start.mjs: Next's own handler would wait for open live streams for ever.
 */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== 'nodejs') return
  const { log } = await import('./lib/log')
  const { startBackground, stopBackground } = await import('./lib/ops/background')
  await startBackground()

  const stop = () => {
    stopBackground().then(
      () => process.exit(0),
      (error: unknown) => {
        log.error('Background work did not end cleanly', { error })
        process.exit(1)
      },
    )
  }
  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)
}
