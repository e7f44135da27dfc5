import { runShare, type Share } from './share'

// started by crash-points.prove.ts, as one of two
process.once('message', (share: Share) => {
  runShare(share).then(
    (result) => process.send?.(result, () => process.exit(0)),
    (error: unknown) => {
      process.stderr.write(`${String(error)}\n`)
      process.exit(1)
    },
  )
})
