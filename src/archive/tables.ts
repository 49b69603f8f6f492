import type { TextPlace } from '../../schema/content/text/sanitize.ts';

/** A table of an archive. What can be computed from other columns is not in it. */
export interface ArchiveTable {
  name: string;
  /** Columns in their order in a line. */
  columns: readonly string[];
  /** The order of the lines: no row refers to a later one of its table. */
  order: string;
  /** The source text of a row, from which its HTML and plain text are made: the beginning of the columns' names. */
  text?: { prefix: 'body' | 'bio'; place: TextPlace };
  /** Columns with addresses that pages show. */
  addresses?: readonly string[];
  /** How a row is inserted whose key is there already: of what may be set before there is content. */
  onConflict?: string;
}

const SOURCE = ['body_source', 'body_format'];

/** The tables in the order of an archive: no row refers to one of a later table. */
export const ARCHIVE_TABLES: readonly ArchiveTable[] = [
  {
    name: 'author',
    columns:
      split(`id slug name kind bio_source bio_format avatar_url avatar_chosen url email subject token_issued_at guest_key
      created_at updated_at`),
    order: 'id',
    text: { prefix: 'bio', place: 'bio' },
    addresses: ['avatar_url', 'url'],
  },
  // A topic may have been created before the one above it.
  { name: 'topic', columns: split('id slug name description parent_id'), order: 'level, id' },
  {
    name: 'article',
    columns: [
      ...split('id slug title excerpt'),
      ...SOURCE,
      ...split(`cover_url cover_alt cover_caption cover_width cover_height status published_at created_at updated_at version
        author_id comment_policy language event_epoch event_sequence last_event_at`),
    ],
    order: 'id',
    text: { prefix: 'body', place: 'article' },
    addresses: ['cover_url'],
  },
  {
    name: 'article_revision',
    columns: [...split('article_id version editor_id at title slug excerpt'), ...SOURCE],
    order: 'article_id, version',
  },
  { name: 'article_publication', columns: split('sequence article_id at'), order: 'sequence' },
  { name: 'article_topic', columns: split('article_id topic_id position'), order: 'article_id, position, topic_id' },
  { name: 'former_slug', columns: split('slug article_id created_at'), order: 'slug' },
  { name: 'former_topic_slug', columns: split('slug topic_id created_at'), order: 'slug' },
  { name: 'article_address', columns: split('path article_id created_at'), order: 'path' },
  { name: 'author_address', columns: split('path author_id created_at'), order: 'path' },
  { name: 'topic_address', columns: split('path topic_id created_at'), order: 'path' },
  {
    name: 'comment',
    columns: [
      ...split('id article_id parent_id author_id path status'),
      ...SOURCE,
      ...split(`created_at edited_at version shown_version pinned brought_reactions reactions_told_at hold_reasons
        restore_status withdrawn`),
    ],
    // A reply that was imported may have a lower id than its parent.
    order: 'depth, id',
    text: { prefix: 'body', place: 'comment' },
  },
  {
    name: 'comment_version',
    columns: [...split('id comment_id'), ...SOURCE, ...split('written_at replaced_by_id replaced_at discarded')],
    order: 'id',
    text: { prefix: 'body', place: 'comment' },
  },
  {
    name: 'comment_held_edit',
    columns: ['comment_id', ...SOURCE, 'written_at'],
    order: 'comment_id',
    text: { prefix: 'body', place: 'comment' },
  },
  { name: 'reaction', columns: split('comment_id author_id kind created_at'), order: 'comment_id, author_id, kind' },
  { name: 'comment_reaction_notice', columns: split('comment_id due'), order: 'comment_id' },
  {
    name: 'comment_report',
    columns: split('comment_id author_id reason settled created_at'),
    order: 'comment_id, author_id',
  },
  {
    name: 'moderation_entry',
    columns: split('id comment_id author_id action status reason created_at'),
    order: 'id',
  },
  {
    name: 'moderation_event',
    columns: split('sequence kind comment_id reasons open_reports action author_id at'),
    order: 'sequence',
  },
  {
    name: 'comment_event',
    columns: split('article_id sequence kind comment_id author_id at previous_at'),
    order: 'article_id, sequence',
  },
  { name: 'author_notice', columns: split('author_id due before_article'), order: 'author_id' },
  { name: 'forbidden_word', columns: ['word'], order: 'word', onConflict: 'DO NOTHING' },
  {
    name: 'hold_setting',
    columns: split('name value'),
    order: 'name',
    onConflict: '(name) DO UPDATE SET value = excluded.value',
  },
  {
    name: 'provenance',
    columns: split('source kind external_id entity_id guid digest written imported_at'),
    order: 'source, kind, external_id',
  },
  {
    name: 'picture',
    columns: split('name bytes stored_at unused_since'),
    order: 'name',
    // The row that was committed before the file was copied, by this import or by one that failed.
    onConflict:
      '(name) DO UPDATE SET bytes = excluded.bytes, stored_at = excluded.stored_at, unused_since = excluded.unused_since',
  },
  { name: 'picture_source', columns: split('address state name copied_at'), order: 'address' },
];

/** The sequences from which ids come, so that no id is given twice, not even that of something deleted. */
export const ARCHIVE_SEQUENCES: readonly string[] = [
  'author_id_seq',
  'topic_id_seq',
  'article_id_seq',
  'article_publication_sequence_seq',
  'comment_id_seq',
  'comment_version_id_seq',
  'moderation_entry_id_seq',
  'moderation_event_sequence_seq',
];

/** The version of the lines' form. */
export const ARCHIVE_VERSION = 1;

function split(names: string): string[] {
  return names.trim().split(/\s+/);
}
