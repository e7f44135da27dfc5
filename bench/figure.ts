/** One row of the table that a person reads. */
export type Row = Record<string, string | number>

export type RunOptions = { seed: number }

/** What `bench/<name>.bench.ts` exports as `figure`: how fast we are against a peer, in the same run. */
export type Bench = {
  name: string
  /** One sentence: what is compared with what. */
  about: string
  run: (options: RunOptions) => Promise<{ rows: Row[]; result: BenchResult }>
}

/** `ours` and `peer` in `unit`; `ratio` and `goal` as the benchmark defines them; `pass` when the goal is met. */
export type BenchResult = {
  ours: number
  peer: number
  unit: string
  ratio: number
  goal: number
  pass: boolean
}

/** What `bench/<name>.prove.ts` exports as `figure`: a law checked over many generated cases. */
export type Proof = {
  name: string
  about: string
  run: (options: RunOptions) => Promise<{ rows: Row[]; result: ProofResult }>
}

/** `goal` is the number of cases asked for; `pass` when so many ran and none failed. */
export type ProofResult = {
  cases: number
  failed: number
  seed: number
  goal: number
  pass: boolean
}
