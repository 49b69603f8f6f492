/** A time, as far as rows need it. */
export type Time = Pick<Date, 'toISOString' | 'getTime'>;

const UTC = '+00:00';
/** Length of `2026-03-01T09:30:00`. */
const TO_SECONDS = 19;
const WITHOUT_FRACTION = TO_SECONDS + UTC.length;

/**
 * A time as PostgreSQL writes it in JSON. A page has hundreds, most of them only to be shown: rewriting the text takes a tenth
 * of reading it as a Date and printing that.
 */
export class StoredTime implements Time {
  readonly #text: string;

  /** @param text ISO 8601 with an offset and up to six digits of a second's fraction */
  constructor(text: string) {
    this.#text = text;
  }

  /** In UTC, with milliseconds. */
  toISOString(): string {
    const text = this.#text;
    if (text.endsWith(UTC)) {
      if (text.length === WITHOUT_FRACTION) return `${text.slice(0, TO_SECONDS)}.000Z`;
      const fraction = text.slice(TO_SECONDS + 1, -UTC.length);
      if (text[TO_SECONDS] === '.') return `${text.slice(0, TO_SECONDS)}.${fraction.slice(0, 3).padEnd(3, '0')}Z`;
    }
    return new Date(text).toISOString();
  }

  getTime(): number {
    return Date.parse(this.#text);
  }
}
