import { spend } from 'spanledger'

export async function mayGoOn(userId: string) {
  const { costUsd, openCalls } = await spend({ userId, since: '24h' })
  return { isAllowed: costUsd < 5 && openCalls < 10, costUsd, openCalls }
}
