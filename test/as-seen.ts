import type pg from 'pg';
import { decodeIdOf } from '../schema/content/ids.ts';

/** Comments with their present versions, as a moderator decides about them who has just read them. */
export async function asSeen(
  sql: Pick<pg.Client, 'query'>,
  ids: readonly string[],
): Promise<{ id: string; version: number }[]> {
  const { rows } = await sql.query<{ id: number; version: number }>(
    'SELECT id, version FROM comment WHERE id = ANY($1)',
    [ids.flatMap((id) => decodeIdOf('Comment', id) ?? [])],
  );
  const versions = new Map(rows.map(({ id, version }) => [id, version]));
  return ids.map((id) => ({ id, version: versions.get(decodeIdOf('Comment', id) ?? 0) ?? 1 }));
}
