import type { IconName } from './icon'

/** How well something is. `unknown` is hatched and grey: never green, never zero. */
export const TONES = ['ok', 'warn', 'bad', 'info', 'unknown', 'neutral'] as const
export type Tone = (typeof TONES)[number]

export const TONE_ICON: Record<Tone, IconName> = {
  ok: 'ok',
  warn: 'warn',
  bad: 'bad',
  info: 'info',
  unknown: 'unknown',
  neutral: 'dot',
}

export const TONE_TEXT: Record<Tone, string> = {
  ok: 'text-ok',
  warn: 'text-warn',
  bad: 'text-bad',
  info: 'text-info',
  unknown: 'text-unknown',
  neutral: 'text-muted',
}

export const TONE_SOFT: Record<Tone, string> = {
  ok: 'bg-ok-soft',
  warn: 'bg-warn-soft',
  bad: 'bg-bad-soft',
  info: 'bg-info-soft',
  unknown: 'bg-unknown-soft hatched',
  neutral: 'bg-sunken',
}

export const TONE_DOT: Record<Tone, string> = {
  ok: 'bg-ok',
  warn: 'bg-warn',
  bad: 'bg-bad',
  info: 'bg-info',
  unknown: 'bg-unknown-soft hatched ring-1 ring-inset ring-unknown',
  neutral: 'bg-muted',
}
