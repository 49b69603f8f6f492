import { articleById } from '../article/find-article.ts';
import { authorById } from '../author/author-lists.ts';
import type { Context } from '../context.ts';
import { contextLoader } from '../context-loader.ts';
import { PEOPLE } from '../dependencies.ts';
import { type PageKind, pageAddresses, pageAt } from '../feed/page-addresses.ts';
import type { RowTypes } from '../row-types.ts';
import type { Selection } from '../selection.ts';
import { topicById } from '../topic/topic-lists.ts';
import { addressPath, queryAddress } from './address-path.ts';

/** The status of a redirect: search engines replace the address, and browsers keep the redirect. */
const MOVED_PERMANENTLY = 301;

type PageType = 'Article' | 'Author' | 'Topic';
export type Page = { [Type in PageType]: RowTypes[Type] & { nodeType: Type } }[PageType];

export interface PageRedirect {
  nodeType: 'Redirect';
  status: number;
  path: string;
  to: Page;
}

/** What a request for a path asks of the database. */
interface PathQuery {
  /** Of a path in the form of the present addresses. */
  kind: PageKind | null;
  slug: string | null;
  /** Forms in which former addresses are kept, the more specific first. */
  kept: string[];
}

/** A page that a path may lead to. */
type Candidate = readonly [kind: PageKind, id: number, slug: string, isMoved: boolean];

const candidatesLoader = contextLoader(
  async (queries: readonly PathQuery[], { db }): Promise<Candidate[][]> => {
    const rows = await db.query<[number: number, ...Candidate]>({
      name: 'find-addresses',
      text: FIND,
      values: [JSON.stringify(queries)],
    });
    const found = queries.map((): Candidate[] => []);
    for (const [number, ...candidate] of rows) found[number - 1]!.push(candidate);
    return found;
  },
  { cacheKey: (query) => JSON.stringify(query) },
);

/** Present addresses come first: what stands there is never hidden by what stood there once. */
const FIND = `
  SELECT q.number::int, found.kind, found.id, found.slug, found.is_moved
  FROM jsonb_array_elements($1::jsonb) WITH ORDINALITY q (query, number)
  CROSS JOIN LATERAL (SELECT query->>'kind' AS kind, query->>'slug' AS slug) present
  CROSS JOIN LATERAL (
    SELECT 'article' AS kind, id, slug, false AS is_moved, 0 AS place FROM article WHERE present.kind = 'article' AND slug = present.slug
    UNION ALL SELECT 'topic', id, slug, false, 0 FROM topic WHERE present.kind = 'topic' AND slug = present.slug
    UNION ALL SELECT 'author', id, slug, false, 0 FROM author WHERE present.kind = 'author' AND slug = present.slug
    UNION ALL SELECT moved.kind, moved.id, moved.slug, true, kept.place
      FROM jsonb_array_elements_text(query->'kept') WITH ORDINALITY kept (path, place)
      CROSS JOIN LATERAL (
        SELECT 'article' AS kind, id, slug FROM article_address JOIN article ON id = article_id WHERE path = kept.path
        UNION ALL SELECT 'topic', id, slug FROM topic_address JOIN topic ON id = topic_id WHERE path = kept.path
        UNION ALL SELECT 'author', id, slug FROM author_address JOIN author ON id = author_id WHERE path = kept.path
      ) moved
    UNION ALL SELECT 'article', id, article.slug, true, 3 FROM former_slug f JOIN article ON id = article_id
      WHERE present.kind = 'article' AND f.slug = present.slug
    UNION ALL SELECT 'topic', id, topic.slug, true, 3 FROM former_topic_slug f JOIN topic ON id = topic_id
      WHERE present.kind = 'topic' AND f.slug = present.slug
  ) found
  ORDER BY q.number, found.place, found.kind, found.id`;

const READ: { [Kind in PageKind]: (context: Context, id: number, selection: Selection) => Promise<Page | null> } = {
  article: async (...found) => marked(await articleById(...found), 'Article'),
  topic: async (...found) => marked(await topicById(...found), 'Topic'),
  author: async (...found) => marked(await authorById(...found), 'Author'),
};

function marked<Type extends PageType>(row: RowTypes[Type] | null, nodeType: Type): Page | null {
  return row && (Object.assign(row, { nodeType }) as unknown as Page);
}

/**
 * What stands at a path, if the viewer may see it: a page, or a redirect to the page that stood there before. A redirect leads to a
 * present address, so there are no chains or circles of them.
 * @param path a path with or without a query, or a whole address, whose host does not matter
 * @param selections the fields of a page that stands there, and of one that a redirect leads to
 */
export async function resolvePath(
  context: Context,
  path: string,
  selections: { page: Selection; target: Selection },
): Promise<Page | PageRedirect | null> {
  const base = new URL(context.settings.publicUrl ?? '/', 'http://site.invalid').pathname;
  const plain = addressPath(path);
  const kept = [queryAddress(path), plain].filter((one) => one !== null);
  if (kept.length === 0) return null;
  const present = plain === null ? null : pageAt(base, plain);
  const query = { kind: present?.kind ?? null, slug: present?.slug ?? null, kept };
  // Somebody new may take the address.
  if (query.kind === 'author') context.dependencies?.subjects.add(PEOPLE);
  for (const [kind, id, slug, isMoved] of await candidatesLoader(context).load(query)) {
    const page = await READ[kind](context, id, isMoved ? selections.target : selections.page);
    if (!page) continue;
    if (!isMoved) return page;
    const to = pageAddresses(base)[kind](slug);
    return addressPath(to) === plain ? page : { nodeType: 'Redirect', status: MOVED_PERMANENTLY, path: to, to: page };
  }
  return null;
}
