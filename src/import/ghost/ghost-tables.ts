import { itemsOf, propertyOf, textOf } from '../json-values.ts';

export interface GhostUser {
  id: string;
  login: string;
  name: string;
  email: string;
  bio: string;
  image: string;
  website: string;
}

export interface GhostTag {
  slug: string;
  name: string;
  description: string;
  parentId: string;
  /** Tags such as `#newsletter` organise the site and are not shown. */
  isInternal: boolean;
}

interface Link {
  id: string;
  order: number;
}

/** The tables of an export that posts and comments refer to. */
export class GhostTables {
  hasPosts = false;
  hasComments = false;
  version = '';
  readonly users = new Map<string, GhostUser>();
  readonly tags = new Map<string, GhostTag>();
  /** Members, who write comments. */
  readonly members = new Map<string, { name: string; email: string }>();
  /** Texts about the covers of posts. */
  readonly covers = new Map<string, { alt: string; caption: string }>();
  /** How often comments were liked. */
  readonly likes = new Map<string, number>();
  readonly #tags = new Map<string, Link[]>();
  readonly #authors = new Map<string, Link[]>();
  readonly #settings = new Map<string, string>();

  /** Identifies the site when the operator does not: its own id, else its title. */
  get site(): string {
    return this.#settings.get('db_hash') || this.#settings.get('title') || 'export';
  }

  add(table: string, row: unknown): void {
    const id = textOf(row, 'id');
    if (table === 'posts') this.hasPosts = true;
    else if (table === 'comments') this.hasComments = true;
    else if (table === 'meta') this.version = textOf(row, 'version');
    else if (table === 'users') this.users.set(id, userOf(row));
    else if (table === 'tags') this.tags.set(id, tagOf(row));
    else if (table === 'members') this.members.set(id, { name: textOf(row, 'name'), email: textOf(row, 'email') });
    else if (table === 'posts_tags') link(this.#tags, row, 'tag_id');
    else if (table === 'posts_authors') link(this.#authors, row, 'author_id');
    else if (table === 'posts_meta')
      this.covers.set(textOf(row, 'post_id'), {
        alt: textOf(row, 'feature_image_alt'),
        caption: textOf(row, 'feature_image_caption'),
      });
    else if (table === 'comment_likes') {
      const comment = textOf(row, 'comment_id');
      this.likes.set(comment, (this.likes.get(comment) ?? 0) + 1);
    } else if (table === 'settings') this.#settings.set(textOf(row, 'key'), textOf(row, 'value'));
  }

  /** Ids of the tags of a post, in its order. */
  tagsOf(post: unknown): string[] {
    const linked = ordered(this.#tags.get(textOf(post, 'id')));
    return linked.length > 0 ? linked : itemsOf(propertyOf(post, 'tags')).map((tag) => textOf(tag, 'id'));
  }

  /** Ids of the authors of a post, in its order. */
  authorsOf(post: unknown): string[] {
    const linked = ordered(this.#authors.get(textOf(post, 'id'))).filter((id) => this.users.has(id));
    return linked.length > 0 ? linked : [textOf(post, 'author_id')].filter((id) => this.users.has(id));
  }
}

function userOf(row: unknown): GhostUser {
  const [name, slug, email] = [textOf(row, 'name'), textOf(row, 'slug'), textOf(row, 'email')];
  return {
    id: textOf(row, 'id'),
    login: slug || name || textOf(row, 'id'),
    name: name || slug,
    email,
    bio: textOf(row, 'bio'),
    image: textOf(row, 'profile_image') || textOf(row, 'image'),
    website: textOf(row, 'website'),
  };
}

function tagOf(row: unknown): GhostTag {
  const name = textOf(row, 'name');
  return {
    slug: textOf(row, 'slug'),
    name,
    description: textOf(row, 'description'),
    parentId: textOf(row, 'parent_id'),
    isInternal: textOf(row, 'visibility') === 'internal' || name.startsWith('#'),
  };
}

function link(links: Map<string, Link[]>, row: unknown, column: string): void {
  const post = textOf(row, 'post_id');
  const added = { id: textOf(row, column), order: Number(textOf(row, 'sort_order')) || 0 };
  links.set(post, [...(links.get(post) ?? []), added]);
}

function ordered(links: readonly Link[] = []): string[] {
  return [...links].sort((a, b) => a.order - b.order).map(({ id }) => id);
}
