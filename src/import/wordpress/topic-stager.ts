import { slugOf } from '../../../schema/content/text/slug.ts';
import { keptAddresses } from '../address.ts';
import type { RecordLocation } from '../report.ts';
import { contentDigest, fieldText, MAX_NAME, plainText, topicId, topicSlug, truncate } from './field-values.ts';
import { type StageContext, truncateField } from './stage-context.ts';
import { termAddresses } from './wordpress-addresses.ts';
import type { WxrCategory, WxrItem, WxrTerm } from './wxr-records.ts';

/** The taxonomies that become topics. A category in an old export has none. */
const TOPIC_TAXONOMIES = new Set(['', 'category', 'tag', 'post_tag']);

interface TopicSource {
  taxonomy: string;
  /** Number of the term, where the file has it. */
  termId: string;
  /** The site's own slug of the category above it. */
  parentNicename: string;
  nicename: string;
  name: string;
  description: string | null;
  parent: string | null;
  line: number;
  listed: boolean;
}

/** Stages the categories and tags that a file lists, and those that only its posts name. */
export class TopicStager {
  readonly #context: StageContext;
  /** Ids that posts have named so far. */
  readonly #named = new Set<string>();
  /** The slugs of categories with those of the categories above them. */
  readonly #parents = new Map<string, string>();

  constructor(context: StageContext) {
    this.#context = context;
  }

  stageTerm(record: WxrTerm): void {
    const { report } = this.#context;
    report.countRead('topics');
    const { fields, line, kind } = record;
    const nicename = fieldText(fields, kind === 'wp:category' ? 'wp:category_nicename' : `${kind}_slug`);
    const termName = fieldText(fields, kind === 'wp:category' ? 'wp:cat_name' : `${kind}_name`);
    const location = { id: nicename, title: termName, line };
    const taxonomy = kind === 'wp:term' ? fieldText(fields, 'wp:term_taxonomy') : 'category';
    if (!TOPIC_TAXONOMIES.has(taxonomy)) {
      report.addSkipped('topics', `taxonomy ${truncate(taxonomy, MAX_NAME)} is not imported`, location);
      return;
    }
    if (nicename === '' && termName === '') {
      report.addSkipped('topics', 'has neither name nor slug', location);
      return;
    }
    const parent = fieldText(fields, kind === 'wp:term' ? 'wp:term_parent' : 'wp:category_parent');
    const name = { name: 'name', text: plainText(termName) || nicename, length: MAX_NAME };
    this.#stageTopic({
      nicename,
      name: truncateField(this.#context, name, location),
      description: plainText(fieldText(fields, `${kind}_description`)) || null,
      parent: parent && parent !== '0' ? topicId(parent, '') : null,
      line,
      listed: true,
      taxonomy: kind === 'wp:tag' ? 'tag' : taxonomy,
      termId:
        fieldText(fields, kind === 'wp:category' ? 'wp:term_id' : `${kind}_id`) || fieldText(fields, 'wp:term_id'),
      parentNicename: parent === '0' ? '' : parent,
    });
  }

  /** Stages the categories and tags of an item, because the file may not list them. Returns their ids. */
  stageItemTopics(item: WxrItem, location: RecordLocation): string[] {
    const namesWithSlug = new Set(item.categories.filter(({ nicename }) => nicename !== '').map(({ name }) => name));
    const ids = new Set<string>();
    const authors = new Set<string>();
    for (const category of item.categories) {
      if (category.domain === 'author') {
        if (!isCreator(category, item)) authors.add(category.nicename || category.name);
      } else if (!TOPIC_TAXONOMIES.has(category.domain)) {
        const taxonomy = truncate(category.domain, MAX_NAME);
        this.#context.report.addNote(`taxonomy ${taxonomy} was not imported`, location);
      } else if (category.nicename !== '' || (category.name !== '' && !namesWithSlug.has(category.name))) {
        // WXR 1.0 contains each category of a post twice, once without its slug.
        ids.add(this.#stageCategory(category, item.line));
      }
    }
    if (authors.size > 0)
      this.#context.report.addNote('has further authors, who were not imported', location, authors.size);
    return [...ids];
  }

  #stageCategory({ domain, nicename, name: categoryName }: WxrCategory, line: number): string {
    const name = truncate(plainText(categoryName) || nicename, MAX_NAME);
    const id = topicId(nicename, name);
    if (this.#named.has(id)) return id;
    this.#named.add(id);
    return this.#stageTopic({
      ...{ nicename, name, description: null, parent: null, line, listed: false },
      ...{ taxonomy: domain, termId: '', parentNicename: '' },
    });
  }

  #stageTopic(source: TopicSource): string {
    const { nicename, name, description, parent, line, listed } = source;
    const id = topicId(nicename, name);
    const digest = contentDigest([name, description, parent]);
    const row = { line, external_id: id, slug: topicSlug(id), name, description, parent_slug: parent, listed, digest };
    this.#context.staging.add('staged_topic', row);
    // A category that a post alone names may stand below another one.
    if (listed || source.taxonomy !== 'category') this.#stageAddresses(id, source);
    return id;
  }

  #stageAddresses(id: string, { taxonomy, nicename, parentNicename, termId }: TopicSource): void {
    if (taxonomy === 'category') this.#parents.set(nicename, parentNicename);
    const above: string[] = [];
    for (let one = parentNicename; one !== '' && !above.includes(one); one = this.#parents.get(one) ?? '')
      above.unshift(one);
    const addresses = termAddresses({ blog: this.#context.blog(), taxonomy, nicename, above, id: termId });
    for (const path of keptAddresses(addresses))
      this.#context.staging.add('staged_topic_address', { external_id: id, path });
  }
}

/** Whether an author whom the plug-in Co-Authors Plus lists, by login or as `cap-login`, is the one of the post. */
function isCreator({ nicename, name }: WxrCategory, { fields }: WxrItem): boolean {
  const creator = slugOf(fieldText(fields, 'dc:creator'));
  return [nicename.replace(/^cap-/, ''), name].some((one) => slugOf(one) === creator);
}
