import { RENDERING_VERSION } from '../../../schema/content/text/render.ts';
import type { MergeContext } from './merge-context.ts';

/** Writes what the new persons have besides a name. A profile that is here already stays as it is. */
export async function writeProfiles({ client }: MergeContext): Promise<void> {
  await client.query(`
    UPDATE author a SET bio_source = p.bio_source, bio_format = p.bio_format, bio_html = p.bio_html, bio_text = p.bio_text,
           bio_rendering = CASE WHEN p.bio_source IS NULL THEN a.bio_rendering ELSE ${RENDERING_VERSION} END,
           avatar_url = p.avatar_url, avatar_chosen = p.avatar_url IS NOT NULL, url = p.url
      FROM (SELECT DISTINCT ON (login) * FROM staged_profile ORDER BY login, file_position) p
      JOIN merge_author m ON m.external_id = p.login
     WHERE m.id = a.id AND m.outcome = 'created'`);
}
