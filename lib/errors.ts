/**
 * The seven ways in which an operation of Tunboard can fail, by who can act on it.
 * Anything else that is thrown is a bug: it is not caught, and logged with its stack.
 *
 * `reason` names a message in app/_i18n (`errors.<reason>`), `values` fill it in; `message` is plain English for logs.
 * No value may hold a secret.
 */
export type Values = Record<string, string | number>

export type Failure = {
  code: TunboardErrorCode
  reason: string
  values: Values
  /** Only InvalidInput: message code per form field. */
  fields?: Record<string, string>
  /** Only CommandFailed: what ran and what it printed (control characters stripped, capped). */
  output?: { argv: readonly string[]; exit: number | undefined; stdout: string; stderr: string }
}

export type TunboardErrorCode =
  | 'InvalidInput'
  | 'NotFound'
  | 'Conflict'
  | 'Unreachable'
  | 'CommandFailed'
  | 'Unreadable'
  | 'NotVerified'

/** Next.js loads this module several times in one process: classes differ, this symbol does not. */
const BRAND = Symbol.for('tunboard.error')

/** Recognises an error by brand and code, also one that another instance of this module made. */
function isBranded(value: unknown, code?: TunboardErrorCode): boolean {
  if (typeof value !== 'object' || value === null || !(BRAND in value)) return false
  return code === undefined || ('code' in value && value.code === code)
}

/** What all seven have in common. */
export abstract class TunboardError extends Error {
  abstract readonly code: TunboardErrorCode
  readonly [BRAND] = true

  static override [Symbol.hasInstance](value: unknown): boolean {
    return isBranded(value)
  }

  readonly reason: string
  readonly values: Values

  constructor(reason: string, values: Values = {}, options?: ErrorOptions) {
    const detail = Object.entries(values).map(([key, value]) => `${key}=${value}`)
    super([reason, ...detail].join(' '), options)
    this.name = new.target.name
    this.reason = reason
    this.values = values
  }

  /** Makes the plain value that a server action may hand to the browser. */
  toFailure(): Failure {
    return { code: this.code, reason: this.reason, values: this.values }
  }
}

/** A form or request does not fit its schema; `fields` names a message code per field. */
export class InvalidInput extends TunboardError {
  readonly code = 'InvalidInput'

  static override [Symbol.hasInstance](value: unknown): boolean {
    return isBranded(value, 'InvalidInput')
  }
  readonly fields: Record<string, string>

  constructor(fields: Record<string, string>, reason = 'invalid-input', values: Values = {}) {
    super(reason, values)
    this.fields = fields
  }

  override toFailure(): Failure {
    return { ...super.toFailure(), fields: this.fields }
  }
}

/** The thing named does not exist (any more). Values: `noun`, `id`. */
export class NotFound extends TunboardError {
  readonly code = 'NotFound'

  static override [Symbol.hasInstance](value: unknown): boolean {
    return isBranded(value, 'NotFound')
  }
}

/** Somebody else changed it or holds it: the reason says what changed or who holds the lock. */
export class Conflict extends TunboardError {
  readonly code = 'Conflict'

  static override [Symbol.hasInstance](value: unknown): boolean {
    return isBranded(value, 'Conflict')
  }
}

export const UNREACHABLE_STAGES = [
  'dns',
  'tcp',
  'handshake',
  'host-key-unknown',
  'host-key-changed',
  'auth',
  'timeout',
  'closed',
] as const
export type UnreachableStage = (typeof UNREACHABLE_STAGES)[number]

/** A host cannot be talked to. Values: `host`, and by stage e.g. `expected` and `presented` fingerprints. */
export class Unreachable extends TunboardError {
  readonly code = 'Unreachable'

  static override [Symbol.hasInstance](value: unknown): boolean {
    return isBranded(value, 'Unreachable')
  }
  readonly stage: UnreachableStage

  constructor(stage: UnreachableStage, values: Values & { host: string }, options?: ErrorOptions) {
    super(`unreachable.${stage}`, values, options)
    this.stage = stage
  }
}

/** A command on a host ended otherwise than it must. Values: `host`, `command`. */
export class CommandFailed extends TunboardError {
  readonly code = 'CommandFailed'

  static override [Symbol.hasInstance](value: unknown): boolean {
    return isBranded(value, 'CommandFailed')
  }
  readonly output: NonNullable<Failure['output']>

  constructor(
    output: NonNullable<Failure['output']>,
    values: Values & { host: string },
    reason = 'command-failed',
  ) {
    super(reason, { command: output.argv.join(' '), exit: output.exit ?? 'none', ...values })
    this.output = output
  }

  override toFailure(): Failure {
    return { ...super.toFailure(), output: this.output }
  }
}

/** A host printed what we cannot read. Values: `host`, `what`, `line`. */
export class Unreadable extends TunboardError {
  readonly code = 'Unreadable'

  static override [Symbol.hasInstance](value: unknown): boolean {
    return isBranded(value, 'Unreadable')
  }
}

/** Reading back shows something else than was applied. Values: `host`, `difference`. */
export class NotVerified extends TunboardError {
  readonly code = 'NotVerified'

  static override [Symbol.hasInstance](value: unknown): boolean {
    return isBranded(value, 'NotVerified')
  }
}
