import type pg from 'pg';
import { nameSkeletons, refreshBatch } from '../../../schema/content/author/name-skeletons.ts';
import type { Queryable } from '../../../schema/content/context.ts';

/**
 * Compares the skeletons of names with fresh ones. A name that is listed as stale is not wrong: it is computed before it is
 * looked up.
 * @returns the number of people whose stored skeletons are wrong
 */
export async function verifyNames(client: pg.Client, repair: boolean): Promise<number> {
  const { rows } = await client.query<{ id: number; name: string | null; skeletons: string[] }>(`
    SELECT a.id, CASE WHEN kind <> 'GUEST' THEN name END AS name,
           array_remove(array_agg(skeleton), NULL) AS skeletons
      FROM author a LEFT JOIN name_skeleton s ON s.author_id = a.id
     WHERE (kind <> 'GUEST' OR s.author_id IS NOT NULL) AND NOT EXISTS (SELECT FROM stale_name WHERE author_id = a.id)
     GROUP BY a.id`);
  const wrong = rows.filter(({ name, skeletons }) => !isSameSet(skeletons, name === null ? [] : nameSkeletons(name)));
  if (repair) {
    const ids = wrong.map(({ id }) => id);
    await client.query('INSERT INTO stale_name SELECT unnest($1::int[])', [ids]);
    while (await refreshBatch(queryableOf(client)));
  }
  return wrong.length;
}

function isSameSet(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && right.every((skeleton) => left.includes(skeleton));
}

function queryableOf(client: pg.Client): Queryable {
  return {
    async query<Row extends readonly unknown[]>({ text, values }: Parameters<Queryable['query']>[0]) {
      const { rows } = await client.query({ text, values: [...values], rowMode: 'array' });
      return rows as unknown as Row[];
    },
  };
}
