import type { Role } from '../../schema/content/context.ts';
import { encodeId } from '../../schema/content/ids.ts';
import { tokenOf } from '../gateway.ts';
import { type Content, type NewComment, pick } from '../seed.ts';
import { dialSocket, dialStream } from './dial.ts';
import { Follower, type FollowerOptions } from './follower.ts';
import { Board, type Person, Writer } from './writer.ts';

/** Articles by their policy: `article-1` and so on. */
const ARTICLES = ['OPEN', 'OPEN', 'MODERATED'] as const;
/** Comments that each article has before anyone comes. */
const COMMENTS = 20;

/** What there is before anyone comes. */
export const CONTENT: Content = {
  authors: [{ id: 1 }],
  articles: ARTICLES.map((policy, i) => ({ id: i + 1, policy })),
  comments: ARTICLES.flatMap((_, i) =>
    Array.from({ length: COMMENTS }, (_, n): NewComment => {
      const id = i * COMMENTS + n + 1;
      return { id, article: i + 1, ...(n % 3 > 0 && { parent: id - 1 }) };
    }),
  ),
};

export function boards(): Board[] {
  return ARTICLES.map((_, i) => new Board(encodeId('Article', i + 1)));
}

async function person(name: string, role: Role | null): Promise<Person> {
  return { name, role, authorization: role === null ? undefined : `Bearer ${await tokenOf({ name, role })}` };
}

export function moderator(name: string): Promise<Person> {
  return person(name, 'MODERATOR');
}

/** Guests, members and moderators who write. */
export async function writers(
  count: number,
  options: { boards: readonly Board[]; urls: readonly string[]; next: () => number },
): Promise<Writer[]> {
  const roles = [null, 'READER', 'MODERATOR', null, 'READER'] as const;
  const people = Array.from({ length: count }, (_, i) => person(`Writer${i}`, roles[i % roles.length]!));
  return (await Promise.all(people)).map(
    (someone) => new Writer({ ...options, person: someone, urlOf: () => pick(options.urls, options.next) }),
  );
}

/** Clients: every other one over a socket, some of them signed in. @param urlsOf the ways of one of them to gateways */
export async function followers(
  count: number,
  { urlsOf, next }: { urlsOf(place: number): readonly string[] } & Pick<FollowerOptions, 'next'>,
): Promise<Follower[]> {
  const tides = ARTICLES.map(() => ({ sequence: 0 }));
  const roles = [null, null, null, 'READER', 'MODERATOR'] as const;
  return Promise.all(
    Array.from({ length: count }, async (_, i) => {
      const { authorization } = await person(`Reader${i}`, roles[i % roles.length]!);
      // The articles are gone through more slowly than what is two of a kind.
      const article = Math.floor(i / 2) % ARTICLES.length;
      return new Follower({
        slug: `article-${article + 1}`,
        tide: tides[article]!,
        dial: i % 2 === 0 ? dialSocket : dialStream,
        authorization,
        urls: urlsOf(i),
        next,
      });
    }),
  );
}
