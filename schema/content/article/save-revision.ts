import type { Queryable } from '../context.ts';

/** Saves the article's present content as the revision of its version. */
export async function saveRevision(tx: Queryable, id: number, editorId: number): Promise<void> {
  await tx.query({
    name: 'article-revision-save',
    text: `INSERT INTO article_revision (article_id, version, editor_id, at, title, slug, excerpt, body_source, body_format)
      SELECT id, version, $2, updated_at, title, slug, excerpt, body_source, body_format FROM article WHERE id = $1`,
    values: [id, editorId],
  });
}

/**
 * Saves the article's content before it is overwritten, unless its version has a revision: content that an import wrote
 * has none. Its editor is not known.
 */
export async function saveImportedRevision(tx: Queryable, id: number): Promise<void> {
  await tx.query({
    name: 'article-revision-imported',
    text: `INSERT INTO article_revision (article_id, version, at, title, slug, excerpt, body_source, body_format)
      SELECT id, version, updated_at, title, slug, excerpt, body_source, body_format FROM article WHERE id = $1
      ON CONFLICT (article_id, version) DO NOTHING`,
    values: [id],
  });
}
