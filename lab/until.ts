import { setTimeout as pause } from 'node:timers/promises'

/** Asks again and again until the answer is yes; throws `otherwise` when it stays no. */
export async function until(
  ask: () => boolean | Promise<boolean>,
  options: { seconds: number; otherwise: string; everyMs?: number },
): Promise<void> {
  const deadline = Date.now() + options.seconds * 1000
  while (!(await ask())) {
    if (Date.now() > deadline) throw new Error(`${options.otherwise} within ${options.seconds} s.`)
    // Shorter would take the two cores of a small machine from the booting kernels.
    await pause(options.everyMs ?? 30)
  }
}
