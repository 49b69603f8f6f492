/** WordPress writes these for no date: "0000-00-00 00:00:00", or a year of -0001. */
const NO_DATE = /0000-00-00|-0001/;

/** The first valid date of the candidates, in ISO 8601 and UTC. A date without a time zone is in UTC. */
export function firstInstant(...candidates: (string | undefined)[]): string | null {
  for (const candidate of candidates) {
    const instant = parseInstant(candidate?.trim() ?? '');
    if (instant) return instant;
  }
  return null;
}

function parseInstant(text: string): string | null {
  if (text === '' || NO_DATE.test(text)) return null;
  const sql = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)Z?$/.exec(text);
  const date = new Date(sql ? `${sql[1]}T${sql[2]}Z` : text);
  if (Number.isNaN(date.getTime())) return null;
  const year = date.getUTCFullYear();
  return year >= 1 && year <= 9999 ? date.toISOString() : null;
}
