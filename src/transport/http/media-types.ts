export const JSON_TYPE = 'application/json';
export const GRAPHQL_RESPONSE = 'application/graphql-response+json';
export const EVENT_STREAM = 'text/event-stream';
export const MULTIPART = 'multipart/mixed';

export type SingleType = typeof JSON_TYPE | typeof GRAPHQL_RESPONSE;
export type StreamType = typeof EVENT_STREAM | typeof MULTIPART;

/** What a request takes for an answer, of what there is: the type that it names first, for each kind of answer. */
export interface Accepted {
  /** One result as one body. Null when it takes none. */
  single: SingleType | null;
  /** Results as they come. Null when it takes none. */
  stream: StreamType | null;
  /** It named `single` before `stream`: it would rather have one body, where one is enough. */
  prefersSingle: boolean;
}

/** Reads the header `Accept`. Pure. */
export function accepted(accept: string | undefined): Accepted {
  const found: Accepted = { single: null, stream: null, prefersSingle: false };
  for (const part of (accept ?? '*/*').split(',')) {
    const type = part.split(';', 1)[0]!.trim().toLowerCase();
    if (type === EVENT_STREAM || type === MULTIPART) found.stream ??= type;
    const single = singleType(type);
    if (!single || found.single) continue;
    found.single = single;
    found.prefersSingle = found.stream === null;
  }
  return found;
}

function singleType(type: string): SingleType | null {
  if (type === GRAPHQL_RESPONSE) return GRAPHQL_RESPONSE;
  return [JSON_TYPE, 'application/*', '*/*', ''].includes(type) ? JSON_TYPE : null;
}
