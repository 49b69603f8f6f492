import pg from 'pg';
import { REBUILD_SEARCH } from '../../../schema/content/search/rebuild-search.ts';

/** Connections that compute documents at the same time. */
const CONNECTIONS = 2;
/** Documents of one step. */
const BATCH_SIZE = 10_000;

/** Computes all documents of the search as the gateway's job does after an upgrade, in larger steps. */
export async function buildSearchDocuments(client: pg.Client, url: string): Promise<void> {
  await client.query(`
    SELECT count(search_document_put(topic_document(topic))) FROM topic;
    SELECT count(search_document_put(author_document(author))) FROM author WHERE kind <> 'GUEST' OR article_count > 0;
    INSERT INTO search_rebuild (article_id) SELECT id FROM article;
    ANALYZE search_rebuild`);
  await Promise.all(Array.from({ length: CONNECTIONS }, () => rebuild(url)));
}

async function rebuild(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    for (let computed = 1; computed > 0; ) {
      const { rows } = await client.query<{ computed: number }>(`${REBUILD_SEARCH} AS computed`, [BATCH_SIZE]);
      computed = rows[0]!.computed;
    }
  } finally {
    await client.end();
  }
}
