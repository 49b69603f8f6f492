// The names of staff and members, which guests cannot take. `name_skeleton` has their skeletons. A trigger lists people whose
// names are new or changed in `stale_name`, whatever wrote them, and before a name is looked up that list is worked off. So
// the lookup is right also beside imports, older gateways and changes by hand.
import type { Change, Queryable } from '../context.ts';
import { queryRow } from '../query.ts';
import { replaceSymbols, skeletonOf } from '../text/skeleton.ts';

/** Stale names in one transaction: some 20 ms, for which only others that work off the same names wait. */
const BATCH = 500;
/** Longest skeleton, in UTF-16 code units: what an index takes for sure. Names of imports have no limit. */
const MAX_SKELETON = 200;

/**
 * The skeletons of a name, of which two names that look alike share one: as written, in capitals and in small letters, for
 * letters of other alphabets than Latin look alike in one case only. Spaces and punctuation do not count. Pure.
 */
export function nameSkeletons(name: string): string[] {
  const forms = [name, name.toUpperCase(), name.toLowerCase()].flatMap((form) => [form, replaceSymbols(form)]);
  return [...new Set([...new Set(forms)].map(nameSkeleton))];
}

function nameSkeleton(name: string): string {
  const form = name.normalize('NFKD');
  // A name of symbols alone, such as an emoji, is compared by them.
  const skeleton =
    skeletonOf(form.replace(/[^\p{L}\p{N}\p{M}]/gu, '')) ||
    skeletonOf(form.replace(/[\s\p{P}]/gu, '')) ||
    skeletonOf(form);
  // The cut may have split a surrogate pair.
  return skeleton.slice(0, MAX_SKELETON).toWellFormed();
}

/** Whether a name looks like that of staff or of a member. */
export async function isNameTaken(db: Queryable, change: Change, name: string): Promise<boolean> {
  for (;;) {
    const [isTaken, hasStale] = await queryRow<[isTaken: boolean, hasStale: boolean]>(db, {
      name: 'name-taken',
      text: `SELECT EXISTS (SELECT FROM name_skeleton WHERE skeleton = ANY ($1)), EXISTS (SELECT FROM stale_name)`,
      values: [nameSkeletons(name)],
    });
    if (!hasStale) return isTaken;
    await refreshNameSkeletons(change);
  }
}

/** Computes the skeletons of all names that are stale. */
export async function refreshNameSkeletons(change: Change): Promise<void> {
  while (await change((tx) => refreshBatch(tx)));
}

/** @returns whether more names may be stale */
export async function refreshBatch(tx: Queryable): Promise<boolean> {
  // A rename in progress has locked the entry, so the name that is read next is the new one.
  const stale = await tx.query<[authorId: number]>({
    name: 'stale-names',
    text: `SELECT author_id FROM stale_name ORDER BY author_id LIMIT ${BATCH} FOR UPDATE`,
    values: [],
  });
  const ids = stale.map(([id]) => id);
  if (ids.length === 0) return false;
  const people = await tx.query<[id: number, name: string]>({
    name: 'stale-name-authors',
    text: `SELECT id, name FROM author WHERE id = ANY ($1) AND kind <> 'GUEST'`,
    values: [ids],
  });
  const rows = people.flatMap(([id, name]) => nameSkeletons(name).map((skeleton) => ({ id, skeleton })));
  await tx.query({
    name: 'name-skeletons-delete',
    text: 'DELETE FROM name_skeleton WHERE author_id = ANY ($1)',
    values: [ids],
  });
  await tx.query({
    name: 'name-skeletons-insert',
    text: 'INSERT INTO name_skeleton (skeleton, author_id) SELECT * FROM unnest($1::text[], $2::int[])',
    values: [rows.map(({ skeleton }) => skeleton), rows.map(({ id }) => id)],
  });
  await tx.query({
    name: 'stale-names-delete',
    text: 'DELETE FROM stale_name WHERE author_id = ANY ($1)',
    values: [ids],
  });
  return ids.length === BATCH;
}
