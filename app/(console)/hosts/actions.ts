'use server'

import { redirect } from 'next/navigation'
import { z } from 'zod'
import { action } from '@/app/action'
import { contextOf } from '@/app/op-context'
import { paths } from '@/app/paths'
import { idField, versionField } from '@/lib/lvs/form'
import { hostFormSchema } from '@/lib/lvs/host-form'
import { addHost } from '@/lib/ops/add-host'
import { approveHostKey } from '@/lib/ops/approve-host-key'
import { deleteHost } from '@/lib/ops/delete-host'
import { editHost } from '@/lib/ops/edit-host'
import { testConnection } from '@/lib/ops/test-connection'

const secrets = ['privateKey', 'passphrase', 'password']

export const addHostAction = action(
  { role: 'operator', schema: hostFormSchema, secrets },
  async (form, session) => {
    const id = await addHost(contextOf(session), form)
    redirect(paths.hostKey(id))
  },
)

const editSchema = hostFormSchema.extend({ hostId: idField, version: versionField })

export const editHostAction = action(
  { role: 'operator', schema: editSchema, secrets },
  async ({ hostId, version, ...form }, session) => {
    await editHost(contextOf(session), { hostId, version }, form)
    redirect(paths.host(hostId))
  },
)

const keySchema = z.object({ hostId: idField, fingerprint: idField })

export const approveHostKeyAction = action(
  { role: 'operator', schema: keySchema },
  async (input, session) => {
    await approveHostKey(contextOf(session), input)
    redirect(paths.host(input.hostId, 'test'))
  },
)

const idSchema = z.object({ hostId: idField })

export const testConnectionAction = action(
  { role: 'operator', schema: idSchema },
  async ({ hostId }, session) => {
    await testConnection(contextOf(session), hostId)
  },
)

export const deleteHostAction = action(
  { role: 'operator', schema: idSchema },
  async ({ hostId }, session) => {
    await deleteHost(contextOf(session), hostId)
    redirect(paths.hosts)
  },
)
