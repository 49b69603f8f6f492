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
  const date = new Date(sql ? `${sql[1]}T${sql[2]}Z` : withZone(text));
  if (Number.isNaN(date.getTime())) return null;
  const year = date.getUTCFullYear();
  return year >= 1 && year <= 9999 ? date.toISOString() : null;
}

/** Names of zones that JavaScript does not know, as it knows those of North America. */
const ZONES: Readonly<Record<string, string>> = {
  WET: '+0000',
  WEST: '+0100',
  BST: '+0100',
  CET: '+0100',
  MEZ: '+0100',
  CEST: '+0200',
  MESZ: '+0200',
  EET: '+0200',
  EEST: '+0300',
  MSK: '+0300',
  JST: '+0900',
  AEST: '+1000',
  AEDT: '+1100',
  NZST: '+1200',
  NZDT: '+1300',
};

/** A date with the zone that JavaScript reads; it takes one without a zone for a time of the machine's own. */
function withZone(text: string): string {
  const [, before = '', name = ''] = /^(.*\d:\d\d(?::\d\d)?)\s+([A-Z]{3,5})$/i.exec(text) ?? [];
  const zone = ZONES[name.toUpperCase()];
  if (zone !== undefined) return `${before} ${zone}`;
  if (/^\d{4}(?:-\d\d){0,2}$/.test(text)) return text;
  const isWithoutZone = !text.includes(':') || /[T\s]\d{1,2}:\d\d(?::\d\d(?:[.,]\d+)?)?(?:\s*[AP]M)?$/i.test(text);
  if (!isWithoutZone) return text;
  return /^\d{4}-\d\d-\d\dT/.test(text) ? `${text}Z` : `${text} UTC`;
}
