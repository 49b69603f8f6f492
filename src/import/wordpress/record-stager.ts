import type { RecordLocation } from '../report.ts';
import { ArticleStager } from './article-stager.ts';
import { AuthorStager } from './author-stager.ts';
import { DeferredItems, showsOtherItems } from './deferred-items.ts';
import { fieldText, itemId, MAX_NAME, plainText, truncate } from './field-values.ts';
import { SiteClock } from './site-clock.ts';
import { stageAttachment } from './stage-attachment.ts';
import { stageComment } from './stage-comment.ts';
import type { StageContext } from './stage-context.ts';
import { TopicStager } from './topic-stager.ts';
import type { WxrItem, WxrRecord } from './wxr-records.ts';

interface RecordStagerOptions extends Omit<StageContext, 'clock'> {
  /** Whether pages become articles. */
  pages: boolean;
}

/** Stages each record as the row that it becomes, or reports why it is skipped. */
export class RecordStager {
  readonly #context: StageContext;
  readonly #pages: boolean;
  readonly #authors: AuthorStager;
  readonly #topics: TopicStager;
  readonly #articles: ArticleStager;
  readonly #deferred: DeferredItems;

  constructor({ pages, ...target }: RecordStagerOptions) {
    const context = { ...target, clock: new SiteClock() };
    this.#context = context;
    this.#pages = pages;
    this.#authors = new AuthorStager(context);
    this.#topics = new TopicStager(context);
    this.#articles = new ArticleStager(context, { authors: this.#authors, topics: this.#topics });
    this.#deferred = new DeferredItems(target.staging);
  }

  /** Stages the items that show others of the file. Call it when all of the file is staged. */
  async finish(signal?: AbortSignal): Promise<void> {
    for await (const { item, sources } of this.#deferred.resolved()) {
      signal?.throwIfAborted();
      this.#articles.stage(item, locationOf(item), sources);
      await this.#context.staging.flushIfFull();
    }
  }

  stage(record: WxrRecord): void {
    if (record.kind === 'item') this.#stageItem(record);
    else if (record.kind === 'wp:comment') stageComment(this.#context, record);
    else if (record.kind === 'wp:author') this.#authors.stageAuthor(record);
    else this.#topics.stageTerm(record);
  }

  #stageItem(item: WxrItem): void {
    const { fields } = item;
    for (const name of ['wp:post_modified', 'wp:post_date'])
      this.#context.clock.observe(fieldText(fields, name), fieldText(fields, `${name}_gmt`));
    const location = locationOf(item);
    const type = fieldText(fields, 'wp:post_type');
    if (type === 'attachment') stageAttachment(this.#context, item, location);
    else if (type === 'post' || (type === 'page' && this.#pages)) this.#stageArticle(item, location);
    else this.#skipItem(item, type, location);
  }

  #stageArticle(item: WxrItem, location: RecordLocation): void {
    if (item.oversized === null && showsOtherItems(item)) this.#deferred.add(item, this.#context.clock);
    else this.#articles.stage(item, location);
  }

  #skipItem({ fields }: WxrItem, type: string, location: RecordLocation): void {
    const { report, staging } = this.#context;
    report.countRead('other items');
    if (type === 'wp_block' && location.id !== '') {
      staging.add('staged_block', { external_id: location.id, body: fields.get('content:encoded') ?? '' });
      report.addSkipped(
        'other items',
        'is a reusable block, which is imported with the articles that show it',
        location,
      );
      return;
    }
    const reason =
      type === 'page'
        ? 'pages are imported only with --pages'
        : `post type ${truncate(type, MAX_NAME) || '(none)'} is not imported`;
    report.addSkipped('other items', reason, location);
  }
}

function locationOf({ fields, line }: WxrItem): RecordLocation {
  return { id: itemId(fields), title: plainText(fieldText(fields, 'title')), line };
}
