// What only the care of prices needs: reading, merging and checking lists of them. Converting and pricing a call does not.
export { type ConvertedPrices, fromGenAIPrices } from './genai-prices.ts'
export { type MergedPrices, mergePrices } from './merge-price-list.ts'
export { PRICE_FILE_SCHEMA, TOKEN_PRICE_NAMES, UNIT_PRICE_NAMES } from './price-file.ts'
export { type ListedPrice, listedPricesOf, parsePriceList, priceListText } from './price-list.ts'
export { costFromProviderMetadata } from './provider-cost.ts'
