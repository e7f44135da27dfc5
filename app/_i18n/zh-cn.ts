import type { Messages } from './messages'
import activity from './zh-CN/activity.json'
import adopt from './zh-CN/adopt.json'
import apply from './zh-CN/apply.json'
import auth from './zh-CN/auth.json'
import changes from './zh-CN/changes.json'
import clusters from './zh-CN/clusters.json'
import common from './zh-CN/common.json'
import drift from './zh-CN/drift.json'
import errors from './zh-CN/errors.json'
import fields from './zh-CN/fields.json'
import hosts from './zh-CN/hosts.json'
import live from './zh-CN/live.json'
import locks from './zh-CN/locks.json'
import overview from './zh-CN/overview.json'
import plan from './zh-CN/plan.json'
import policy from './zh-CN/policy.json'
import reasons from './zh-CN/reasons.json'
import revert from './zh-CN/revert.json'
import saves from './zh-CN/saves.json'
import settings from './zh-CN/settings.json'
import undo from './zh-CN/undo.json'

/** Simplified Chinese; docs/glossary.md says which word stands for which. A message that is missing is a type error. */
export const zhCN: Messages = {
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
