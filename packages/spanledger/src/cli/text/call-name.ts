import { type Call, callId } from '@spanledger/core'

/** What a person calls a row: its tool, else its model, else its operation. */
export function callName(call: Call): string {
  return call.tool_name ?? modelName(call) ?? call.operation ?? call.name ?? callId(call)
}

/** The model that answered; if none did, the one that was asked for, unless the row only repeats its calls. */
export function modelName(call: Call): string | null {
  return call.model ?? (call.billable === 1 ? call.request_model : null)
}
