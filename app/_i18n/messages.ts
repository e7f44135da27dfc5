import activity from './en/activity.json'
import adopt from './en/adopt.json'
import apply from './en/apply.json'
import auth from './en/auth.json'
import changes from './en/changes.json'
import clusters from './en/clusters.json'
import common from './en/common.json'
import drift from './en/drift.json'
import errors from './en/errors.json'
import fields from './en/fields.json'
import hosts from './en/hosts.json'
import live from './en/live.json'
import locks from './en/locks.json'
import overview from './en/overview.json'
import plan from './en/plan.json'
import policy from './en/policy.json'
import reasons from './en/reasons.json'
import revert from './en/revert.json'
import saves from './en/saves.json'
import settings from './en/settings.json'
import undo from './en/undo.json'
import type { Locale } from './locales'
import { zhCN } from './zh-cn'

const en = {
  activity,
  adopt,
  apply,
  auth,
  changes,
  clusters,
  common,
  drift,
  errors,
  fields,
  hosts,
  live,
  locks,
  overview,
  plan,
  policy,
  reasons,
  revert,
  saves,
  settings,
  undo,
}

export type Messages = typeof en

/** All words of a language; the shape of every other one is that of English. */
export const MESSAGES: Record<Locale, Messages> = { en, 'zh-CN': zhCN }
