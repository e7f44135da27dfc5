import { getSetting, updateSetting } from '@/lib/db/settings'
import { inTransaction } from '@/lib/db/transaction'
import { DEFAULT_RADAR_SECONDS, type RadarForm, radarFormSchema } from '@/lib/lvs/radar-form'
import type { Context } from './context'
import { recordEvent } from './record-event'

const KEY = 'radar-seconds'

/** Reads how often every host is read for drift, in seconds; what a stranger wrote there counts as not set. */
export async function getRadarSeconds(): Promise<number> {
  const parsed = radarFormSchema.safeParse({ seconds: await getSetting(KEY) })
  return parsed.success ? parsed.data.seconds : DEFAULT_RADAR_SECONDS
}

/** Changes how often every host is read for drift; it holds from the next turn of each host on. */
export async function editRadar(context: Context, { seconds }: RadarForm): Promise<void> {
  await inTransaction(async (tx) => {
    await updateSetting(tx, KEY, String(seconds))
    await recordEvent(tx, context, 'edit-radar', {
      subject: `setting:${KEY}`,
      detail: { seconds },
    })
  })
}
