/** A part of pg that it exports without types. */
declare module 'pg/lib/utils.js' {
  /** The form in which a parameter of a statement is sent. */
  export function prepareValue(value: unknown): string | Buffer | null;
}
