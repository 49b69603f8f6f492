import { firstInstant } from '../dates.ts';

/** Milliseconds of the largest offset from UTC that a place has. */
const MAX_OFFSET = 14 * 3_600_000;

/**
 * Reads the dates of a site. WordPress stores most of them twice, in the site's time and in UTC; drafts and old posts have
 * no date in UTC. Theirs are read with the offset of the nearest date before them that has both.
 */
export class SiteClock {
  #offset: number;

  constructor(offset = 0) {
    this.#offset = offset;
  }

  /** Milliseconds between the site's time and UTC, as far as it is known. */
  get offset(): number {
    return this.#offset;
  }

  /** Notes the offset between a date in the site's time and the same in UTC. */
  observe(local: string, utc: string): void {
    const [localInstant, utcInstant] = [firstInstant(local), firstInstant(utc)];
    if (localInstant === null || utcInstant === null) return;
    const offset = Date.parse(localInstant) - Date.parse(utcInstant);
    if (Math.abs(offset) <= MAX_OFFSET) this.#offset = offset;
  }

  /** The date in UTC if there is one, else that in the site's time, in ISO 8601 and UTC. */
  instant(utc: string, local: string): string | null {
    const known = firstInstant(utc);
    if (known !== null) return known;
    const read = firstInstant(local);
    return read === null ? null : firstInstant(new Date(Date.parse(read) - this.#offset).toISOString());
  }
}
