import { GraphQLError, Kind } from 'graphql';
import { builder } from './builder.ts';

// Not GraphQLDateTime of graphql-scalars: it accepts instants before year 1 and after 9999, which PostgreSQL cannot read.

// RFC 3339: a date, a time and an offset. Date.parse alone accepts local times and incomplete dates.
const INSTANT = /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/;

const EARLIEST = Date.parse('0001-01-01T00:00:00Z');
const LATEST = Date.parse('9999-12-31T23:59:59.999Z');

/** Date.parse alone reads 30 February as 2 March. */
function isDay(day: string): boolean {
  const time = Date.parse(`${day}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(day);
}

function readInstant(value: unknown): Date {
  const time = typeof value === 'string' && INSTANT.test(value) && isDay(value.slice(0, 10)) ? new Date(value) : null;
  // Years outside of these have no form that both Date and PostgreSQL read.
  if (!time || !(time.getTime() >= EARLIEST && time.getTime() <= LATEST))
    throw new GraphQLError('A DateTime is an ISO 8601 instant with its offset, such as "2026-03-01T09:30:00Z".');
  return time;
}

builder.scalarType('DateTime', {
  description:
    'A date and time with its offset from UTC, in ISO 8601. Responses are in UTC, such as `2026-03-01T09:30:00.000Z`.',
  serialize: (value) => value.toISOString(),
  parseValue: readInstant,
  parseLiteral: (node) => readInstant(node.kind === Kind.STRING ? node.value : undefined),
});

builder.scalarType('EventCursor', {
  description:
    "An opaque position in one article's event log. Clients keep the latest one and send it to resume; cursors can be compared for equality only.",
  serialize: (value) => value,
  parseValue(value) {
    if (typeof value !== 'string') throw new GraphQLError('An EventCursor is a string.');
    return value;
  },
});
