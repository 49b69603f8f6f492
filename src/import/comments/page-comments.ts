import type { CommentRecord } from '../content-records.ts';
import type { ContentStager } from '../content-stager.ts';

/** A comment of a page that the file names by its address. */
interface PageComment extends Omit<CommentRecord, 'item'> {
  /** Address or path of the page. */
  page: string;
  title?: string;
  /** Up and down votes, which are not imported. */
  votes?: number;
}

/** Stages comments of other programs, and a thread for each page with the first comment of it. */
export class PageComments {
  readonly #content: ContentStager;
  readonly #threads = new Map<string, number>();

  constructor(content: ContentStager) {
    this.#content = content;
  }

  add({ page, title = '', votes = 0, ...comment }: PageComment): void {
    const { report } = this.#content;
    const { id, name, line = 0 } = comment;
    const reason = skipReason({ page, ...comment });
    if (reason !== null) {
      report.countRead('comments');
      report.addSkipped('comments', reason, { id, title: name, line });
      return;
    }
    if (votes > 0) report.addNote('votes for comments were not imported', { id, title: name, line }, votes);
    this.#content.comment({ ...comment, item: this.#thread(page, title, line) });
  }

  #thread(page: string, title: string, line: number): number {
    const known = this.#threads.get(page);
    if (known !== undefined) return known;
    const number = this.#content.thread({ id: page, title, addresses: [page], line });
    this.#threads.set(page, number);
    return number;
  }
}

function skipReason({ id, page, status, body }: Omit<PageComment, 'title' | 'votes'>): string | null {
  if (id === '') return 'has no id';
  if (page === '') return 'names no page';
  return status !== 'REMOVED' && body.source.trim() === '' ? 'has no text' : null;
}
