import { remembered } from './remembered.ts';

export const JSON_TYPE = 'application/json';
export const GRAPHQL_RESPONSE = 'application/graphql-response+json';
export const EVENT_STREAM = 'text/event-stream';
export const MULTIPART = 'multipart/mixed';

export type SingleType = typeof JSON_TYPE | typeof GRAPHQL_RESPONSE;
export type StreamType = typeof EVENT_STREAM | typeof MULTIPART;

/** The media types that a request accepts for its response: of each kind the one with the highest weight, of equal ones the first. */
export interface AcceptedTypes {
  /** For one result as one body; null when none is accepted. */
  readonly single: SingleType | null;
  /** For results one after another; null when none is accepted. */
  readonly stream: StreamType | null;
  /** `single` is preferred to `stream`, so one result is sent as one body. */
  readonly prefersSingle: boolean;
}

const readAccepted = remembered(readTypes, { size: 30_000, length: 300 });

/** Reads the header `Accept`. Pure. */
export function acceptedTypes(accept = '*/*'): AcceptedTypes {
  return readAccepted(accept);
}

function readTypes(accept: string): AcceptedTypes {
  const found: { -readonly [Name in keyof AcceptedTypes]: AcceptedTypes[Name] } = {
    single: null,
    stream: null,
    prefersSingle: false,
  };
  for (const type of byWeight(accept)) {
    if (type === EVENT_STREAM || type === MULTIPART) found.stream ??= type;
    const single = singleType(type);
    if (!single || found.single) continue;
    found.single = single;
    found.prefersSingle = found.stream === null;
  }
  return found;
}

/** The types of the header, the most preferred first (RFC 9110, 12.4.2). Those with the weight 0 are not accepted. */
function byWeight(accept: string): string[] {
  return accept
    .toLowerCase()
    .split(',')
    .map((part) => {
      const weight = /;\s*q\s*=\s*(\d(?:\.\d*)?)/.exec(part)?.[1];
      return { type: part.split(';', 1)[0]!.trim(), weight: weight === undefined ? 1 : Number(weight) };
    })
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight)
    .map(({ type }) => type);
}

function singleType(type: string): SingleType | null {
  if (type === GRAPHQL_RESPONSE) return GRAPHQL_RESPONSE;
  return [JSON_TYPE, 'application/*', '*/*', ''].includes(type) ? JSON_TYPE : null;
}
