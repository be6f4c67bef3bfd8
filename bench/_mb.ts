import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base'
import { sevenSpans, sixSpans } from '/work/main/bench/spans.ts'
import { toGenAI } from '/work/main/packages/core/src/to-gen-ai.ts'
import { toCall } from '/work/main/packages/core/src/to-call.ts'
import { createPriceBook } from '/work/main/packages/core/src/prices/price-book.ts'
const prices = createPriceBook()
let content
if (process.argv[2]) { const c = await import('@spanledger/core'); content = c.createContentPolicy({mode: process.argv[2], redactor: process.argv[3]==='nored' ? undefined : c.createRedactor()}) }
for (const [n, f, scope] of [['6', sixSpans, 'ai'], ['7', sevenSpans, 'gen_ai']] as const) {
  const mem = new InMemorySpanExporter()
  const make = f(new BasicTracerProvider({spanProcessors:[new SimpleSpanProcessor(mem)]}).getTracer(scope))
  make('What is the answer to life, the universe and everything? '.repeat(3))
  const spans = mem.getFinishedSpans() as any
  for (const [what, fn] of [['plain', (s) => toGenAI(s)], ['prices', (s) => toGenAI(s, {prices})], ['content', (s) => toGenAI(s, {content, prices})], ['call', (s)=>toCall(toGenAI(s,{content,prices}))]] as const) {
    for (let i=0;i<5000;i++) for (const s of spans) fn(s)
    const t=process.hrtime.bigint(); for (let i=0;i<20000;i++) for (const s of spans) fn(s); const d=Number(process.hrtime.bigint()-t)/20000/spans.length/1000
    console.log(n, what, d.toFixed(2),'µs/span')
  }
}
