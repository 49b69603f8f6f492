import type { Staging } from '../staging.ts';
import type { ItemSources } from './article-stager.ts';
import { reusableIds } from './blocks.ts';
import type { AttachedFile } from './body-sources.ts';
import { itemId } from './field-values.ts';
import { SiteClock } from './site-clock.ts';
import type { WxrItem } from './wxr-records.ts';

/** Characters of records that are read at once, and their number. */
const BATCH_LENGTH = 1_000_000;
const BATCH_SIZE = 50;

/** Levels of reusable blocks that are read. */
const MAX_DEPTH = 8;

/** Attachments that are read for the items of one batch. */
const MAX_FILES = 10_000;

const SHOWS_OTHERS =
  /\[(?:gallery|playlist)\b|<!--\s+wp:(?:core\/)?block\s|<!--\s+wp:(?:[\w-]+\/)?(?:[\w-]*gallery|slideshow|image|audio|video)\s[^<>]{0,5000}\/-->/;

const FILES_SHOWN = /\b(?:ids?|include)\W{1,6}((?:["']?\d{1,19}["']?[\s,;]{0,4})+)/gi;

/** Whether a body shows attachments or reusable blocks by their ids. */
export function showsOtherItems({ fields }: WxrItem): boolean {
  return SHOWS_OTHERS.test(fields.get('content:encoded') ?? '');
}

interface ResolvedItem {
  item: WxrItem;
  sources: ItemSources;
}

/** Keeps items in the database until all of the file is read, and finds what they show. Takes memory for one batch. */
export class DeferredItems {
  readonly #staging: Staging;
  #isEmpty = true;

  constructor(staging: Staging) {
    this.#staging = staging;
  }

  add(item: WxrItem, clock: SiteClock): void {
    this.#isEmpty = false;
    const record = { ...item, fields: [...item.fields], meta: [...item.meta], offset: clock.offset };
    this.#staging.add('staged_deferred', { record: JSON.stringify(record) });
  }

  async *resolved(): AsyncGenerator<ResolvedItem> {
    if (this.#isEmpty) return;
    await this.#staging.query(
      'CREATE INDEX ON staged_deferred (file_position); CREATE INDEX ON staged_block (external_id); ' +
        'CREATE INDEX ON staged_image (external_id); CREATE INDEX ON staged_image (parent_id)',
    );
    let after = 0;
    for (;;) {
      const rows = await this.#staging.query<{ file_position: number; record: string }>(
        `SELECT file_position, record FROM (
           SELECT *, sum(length(record)) OVER (ORDER BY file_position) - length(record) AS before FROM (
             SELECT * FROM staged_deferred WHERE file_position > $1 ORDER BY file_position LIMIT ${BATCH_SIZE}
           ) next
         ) batch WHERE before < ${BATCH_LENGTH} ORDER BY file_position`,
        [after],
      );
      if (rows.length === 0) return;
      after = rows.at(-1)!.file_position;
      const records = rows.map(({ record }) => JSON.parse(record) as Stored);
      for (const item of await this.#resolve(records)) yield item;
    }
  }

  async #resolve(records: readonly Stored[]): Promise<ResolvedItem[]> {
    const items = records.map(({ fields, meta, ...rest }) => ({
      ...rest,
      fields: new Map(fields),
      meta: new Map(meta),
    }));
    const bodies = items.map(({ fields }) => fields.get('content:encoded') ?? '');
    const blocks = await this.#blocksOf(bodies);
    const texts = [...bodies, ...blocks.values()];
    const files = await this.#filesOf(
      texts,
      items.map(({ fields }) => itemId(fields)),
    );
    return items.map(({ offset, ...item }) => ({
      item,
      sources: { body: { ...files, blocks, itemId: itemId(item.fields) }, clock: new SiteClock(offset) },
    }));
  }

  /** The reusable blocks that the bodies show, and those that these show. */
  async #blocksOf(bodies: readonly string[]): Promise<Map<string, string>> {
    const blocks = new Map<string, string>();
    let texts: readonly string[] = bodies;
    for (let depth = 0; depth < MAX_DEPTH; depth++) {
      const missing = [...new Set(texts.flatMap(reusableIds))].filter((id) => !blocks.has(id));
      if (missing.length === 0) break;
      const found = await this.#staging.query<{ external_id: string; body: string }>(
        'SELECT DISTINCT ON (external_id) * FROM staged_block WHERE external_id = ANY ($1) ORDER BY external_id, file_position',
        [missing],
      );
      for (const { external_id: id, body } of found) blocks.set(id, body);
      texts = found.map(({ body }) => body);
    }
    return blocks;
  }

  async #filesOf(
    texts: readonly string[],
    itemIds: readonly string[],
  ): Promise<Pick<ItemSources['body'], 'files' | 'attached'>> {
    const named = texts.flatMap((text) =>
      Array.from(text.matchAll(FILES_SHOWN), ([, list]) => list!.match(/\d+/g) ?? []),
    );
    const ids = [...new Set([...named.flat(), ...itemIds])].map((id) => id.replace(/^0+(?=\d)/, ''));
    const rows = await this.#staging.query<AttachedFile & { parent: string | null }>(
      `SELECT external_id AS id, parent_id AS parent, url, title, alt, caption, width, height FROM (
         SELECT DISTINCT ON (external_id) * FROM staged_image
          WHERE external_id = ANY ($1) OR parent_id = ANY ($1) ORDER BY external_id, file_position
       ) found ORDER BY place, length(external_id), external_id LIMIT ${MAX_FILES}`,
      [ids],
    );
    const attached = new Map<string, AttachedFile[]>();
    for (const { parent, ...file } of rows) {
      const siblings = parent ? attached.get(parent) : undefined;
      if (siblings) siblings.push(file);
      else if (parent) attached.set(parent, [file]);
    }
    return { files: new Map(rows.map(({ parent: _, ...file }) => [file.id, file])), attached };
  }
}

type Stored = Omit<WxrItem, 'fields' | 'meta'> & {
  fields: [string, string][];
  meta: [string, string[]][];
  offset: number;
};
