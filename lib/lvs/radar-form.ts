import { z } from 'zod'
import { integerField } from './form'

/** Shorter, and reading costs a director more than 2 % of a core; longer, and drift is news from before breakfast. */
export const RADAR_SECONDS = { min: 10, max: 600 } as const
export const DEFAULT_RADAR_SECONDS = 30

/** How often every host is read for drift, as a person enters it. */
export const radarFormSchema = z.object({
  seconds: integerField(RADAR_SECONDS.min, RADAR_SECONDS.max, 'radar-seconds.invalid'),
})
export type RadarForm = z.output<typeof radarFormSchema>
