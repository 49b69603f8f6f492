import type { Server } from './servers/gateway.ts';

/** What the gateway counts of the responses that it keeps. */
export interface Kept {
  bytes: number;
  entries: number;
  hits: number;
  misses: number;
}

/** @throws when the gateway keeps none */
export async function keptBy({ url }: Pick<Server, 'url'>): Promise<Kept> {
  const text = await (await fetch(new URL('/metrics', url))).text();
  const value = (name: string): number => {
    const found = text.match(new RegExp(`^broadsheet_cache_${name} (\\S+)$`, 'm'));
    if (!found) throw new Error(`The gateway does not count broadsheet_cache_${name}.`);
    return Number(found[1]);
  };
  return {
    bytes: value('bytes'),
    entries: value('entries'),
    hits: value('hits_total'),
    misses: value('misses_total'),
  };
}

/** The part of the requests that were answered with a kept response between two looks. */
export function shareOfHits(before: Kept, after: Kept): number {
  const hits = after.hits - before.hits;
  return hits / (hits + after.misses - before.misses);
}
