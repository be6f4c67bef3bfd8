/** Version of the rules that turn spans into calls. Stored in every row to tell old rows from new ones. */
export const CONVERTER_VERSION = '0.1.0'
