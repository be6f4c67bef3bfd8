import { generateText, type LanguageModel } from 'ai'
import { withTelemetry } from 'spanledger'

export function summarize(model: LanguageModel, prompt: string) {
  return generateText({ model, prompt, experimental_telemetry: withTelemetry({ functionId: 'summarize' }) })
}
