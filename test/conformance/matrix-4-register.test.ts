import { describeVariant } from './describe-variant.ts'

describeVariant('4-register')
