import { describeVariant } from './describe-variant.ts'

describeVariant('5-register')
