// WordPress writes "2023-01-16 07:17:56", and "0000-00-00 00:00:00" or a year -0001 for none.

/** The first of some dates that is one, as ISO 8601 in UTC. Without a zone, UTC is meant. */
export function firstInstant(...candidates: (string | undefined)[]): string | null {
  for (const candidate of candidates) {
    const instant = instantOf(candidate?.trim() ?? '');
    if (instant) return instant;
  }
  return null;
}

function instantOf(written: string): string | null {
  if (written === '' || /0000-00-00|-0001/.test(written)) return null;
  const sql = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)Z?$/.exec(written);
  const date = new Date(sql ? `${sql[1]}T${sql[2]}Z` : written);
  if (Number.isNaN(date.getTime())) return null;
  const year = date.getUTCFullYear();
  return year >= 1 && year <= 9999 ? date.toISOString() : null;
}
