import { openai } from '@ai-sdk/openai'
import { generateText } from 'ai'
import { trackAIOperation, withUsage } from 'spanledger'

const { userId, sessionId, projectId } = { userId: 'ada', sessionId: 'chat-1', projectId: 'shop' } // your own
const ask = () => generateText({ model: openai('gpt-5-mini'), prompt: 'Say hello.' })

await withUsage({ userId, sessionId, projectId, operation: 'summarize', tags: ['beta'] }, ask)
await trackAIOperation('generate_project_ideas', projectId, ask) // with a span of its own around it
