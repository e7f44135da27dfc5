/** One thing that may go wrong while files are saved; `run` throws when they are not as they must be. */
export type Case = { name: string; run: () => Promise<void> }

/** Cases that need the same things made ready. */
export type CaseGroup = {
  name: string
  /** Makes ready, hands over the cases, and tidies up. */
  with: (use: (cases: readonly Case[]) => Promise<void>) => Promise<void>
}
