import { parseUrl } from '../../../schema/content/text/parse-url.ts';
import type { CommentRecord } from '../content-records.ts';
import type { ContentStager } from '../content-stager.ts';
import { firstInstant } from '../dates.ts';
import { commentBody } from '../wordpress/body.ts';
import { XmlReader } from '../xml-reader.ts';

/** A thread or post: the text of its elements, and the ids that its empty elements refer to. */
interface DisqusRecord {
  id: string;
  line: number;
  texts: Map<string, string>;
  references: Map<string, string>;
}

/** Reads the threads and posts of an export. Threads stand before posts, so a post's thread is known. */
export class DisqusReader {
  /** Short name of the forum; empty while nothing has named it. */
  forum = '';
  readonly #content: ContentStager;
  readonly #xml: XmlReader;
  /** Numbers of the threads by their ids; null for a deleted thread. */
  readonly #threads = new Map<string, number | null>();
  #record: DisqusRecord | null = null;

  constructor(content: ContentStager) {
    this.#content = content;
    this.#xml = new XmlReader(
      {
        open: (path, attributes) => this.#open(path, attributes),
        close: (path, text) => this.#close(path, text),
      },
      { root: /<disqus[\s>]/ },
    );
  }

  write(chunk: string): void {
    this.#xml.write(chunk);
  }

  end(): void {
    this.#xml.end();
  }

  #open(path: readonly string[], attributes: Readonly<Record<string, string>>): void {
    const name = path.at(-1) ?? '';
    if (path.length === 1 && name !== 'disqus')
      this.#xml.fail(`this is not a Disqus export: its root element is <${name}>, not <disqus>`);
    if (path.length === 2)
      this.#record = { id: attributes.id ?? '', line: this.#xml.line, texts: new Map(), references: new Map() };
    if (path.length === 3 && attributes.id) this.#record?.references.set(name, attributes.id);
  }

  #close(path: readonly string[], text: string): void {
    const record = this.#record;
    if (!record) return;
    if (path.length > 2) record.texts.set(path.slice(2).join('/'), text.trim());
    if (path.length !== 2) return;
    this.#record = null;
    if (path[1] === 'thread') this.#thread(record);
    else if (path[1] === 'post') this.#post(record);
    this.forum ||= record.texts.get('forum') ?? '';
  }

  #thread({ id, line, texts }: DisqusRecord): void {
    if (texts.get('isDeleted') === 'true') {
      this.#threads.set(id, null);
      return;
    }
    const title = texts.get('title') ?? '';
    const addresses = threadAddresses(texts.get('link') ?? '', texts.get('id') ?? '');
    this.#threads.set(id, this.#content.thread({ id, title, addresses, line }));
  }

  #post({ id, line, texts, references }: DisqusRecord): void {
    const { report } = this.#content;
    const item = this.#threads.get(references.get('thread') ?? '');
    const name = texts.get('author/name') || texts.get('author/username') || '';
    if (id === '' || item == null) {
      report.countRead('comments');
      const reason =
        id === ''
          ? 'has no id'
          : item === null
            ? 'belongs to a deleted thread'
            : 'belongs to a thread that is not in the file';
      report.addSkipped('comments', reason, { id, title: name, line });
      return;
    }
    this.#content.comment({
      id,
      item,
      parentId: references.get('parent') ?? null,
      name,
      email: texts.get('author/email') ?? null,
      url: texts.get('author/link') ?? null,
      status: statusOf(texts),
      body: { source: bodyOf(texts.get('message') ?? ''), format: 'HTML' },
      createdAt: firstInstant(texts.get('createdAt')),
      line,
    });
  }
}

function statusOf(texts: ReadonlyMap<string, string>): CommentRecord['status'] {
  if (texts.get('isSpam') === 'true') return 'SPAM';
  if (texts.get('isDeleted') === 'true') return 'REMOVED';
  return texts.get('isApproved') === 'false' ? 'PENDING' : 'VISIBLE';
}

/** Links of comments lead through an address of Disqus, whose last part is a signature. */
const COUNTED_LINK = /\bhref="(https?:\/\/disq\.us\/url\?[^"]*)"/gi;
const SIGNATURE = /:[\w-]{20,}$/;

function withTargets(message: string): string {
  return message.replace(COUNTED_LINK, (link, address: string) => {
    const target = parseUrl(address.replaceAll('&amp;', '&'))?.searchParams.get('url')?.replace(SIGNATURE, '');
    return target && /^https?:\/\/[^\s"<>]+$/i.test(target) ? `href="${target.replaceAll('&', '&amp;')}"` : link;
  });
}

/** Old comments have no paragraphs, only line breaks. */
function bodyOf(source: string): string {
  const message = withTargets(source);
  return /<(p|br|blockquote)\b/i.test(message) ? message : commentBody(message).html;
}

/**
 * The addresses of a thread: its link, and what the site's identifier has of addresses. The identifier is an address, a path, a
 * slug, or as WordPress writes it, `123 https://example.com/?p=123`.
 */
function threadAddresses(link: string, identifier: string): string[] {
  const parts = identifier.split(/\s+/).filter((part) => part !== '');
  const addresses = parts.filter((part) => /^(https?:\/\/|\/)/i.test(part));
  const slug = parts.length === 1 && /^[\p{L}\p{N}][\p{L}\p{N}_/-]*\p{L}[\p{L}\p{N}_/-]*$/u.test(identifier);
  return [link, ...addresses, ...(slug ? [`/${identifier}`] : [])].filter((address) => address !== '');
}
