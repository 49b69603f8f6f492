import { keptAddresses } from '../address.ts';
import { contentDigest, fieldText, MAX_NAME, plainText, publicName, sanitizeLogin } from './field-values.ts';
import { type StageContext, truncateField } from './stage-context.ts';
import { authorAddresses } from './wordpress-addresses.ts';
import type { WxrAuthor, WxrItem } from './wxr-records.ts';

/** The name of an author whose login is an e-mail address and who has no other. */
const UNNAMED = 'Author';

/** Stages the authors that a file lists, and those that only its posts name. */
export class AuthorStager {
  readonly #context: StageContext;
  /** Logins that posts have named so far. */
  readonly #named = new Set<string>();

  constructor(context: StageContext) {
    this.#context = context;
  }

  stageAuthor({ fields, line }: WxrAuthor): void {
    const { staging, report } = this.#context;
    report.countRead('authors');
    const login = sanitizeLogin(fieldText(fields, 'wp:author_login'));
    const location = { id: login, title: '', line };
    if (login === '') {
      report.addSkipped('authors', 'has no wp:author_login', location);
      return;
    }
    const [displayName = '', firstName = '', lastName = ''] = [
      'wp:author_display_name',
      'wp:author_first_name',
      'wp:author_last_name',
    ].map((field) => publicName(plainText(fieldText(fields, field))));
    const fullName = displayName || [firstName, lastName].filter(Boolean).join(' ') || publicName(login) || UNNAMED;
    const name = truncateField(this.#context, { name: 'name', text: fullName, length: MAX_NAME }, location);
    const email = fieldText(fields, 'wp:author_email');
    const userId = fieldText(fields, 'wp:author_id');
    staging.add('staged_author', {
      line,
      login,
      user_id: /^[1-9]\d*$/.test(userId) ? userId : null,
      name,
      email: email || null,
      listed: true,
      digest: contentDigest([name, email]),
    });
    this.#stageAddresses(login, userId);
  }

  /** Stages the author whom an item names, because the file may not list them. Returns the login. */
  stageCreator({ fields, line }: WxrItem): string {
    const login = sanitizeLogin(fieldText(fields, 'dc:creator')) || 'unknown';
    if (this.#named.has(login)) return login;
    this.#named.add(login);
    const name = publicName(plainText(login) || login) || UNNAMED;
    this.#context.staging.add('staged_author', {
      line,
      login,
      user_id: null,
      name,
      email: null,
      listed: false,
      digest: contentDigest([name, '']),
    });
    this.#stageAddresses(login, '');
    return login;
  }

  #stageAddresses(login: string, userId: string): void {
    for (const path of keptAddresses(authorAddresses(this.#context.blog(), { login, userId })))
      this.#context.staging.add('staged_author_address', { login, path });
  }
}
