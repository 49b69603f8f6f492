import type { Role } from '../../schema/content/context.ts';
import { encodeId } from '../../schema/content/ids.ts';
import { tokenOf } from '../gateway.ts';
import { type Content, type NewComment, pick } from '../seed.ts';
import { dialSocket, dialStream } from './dial.ts';
import { Follower, type FollowerOptions } from './follower.ts';
import { Board, type Person, Writer } from './writer.ts';

/** The comment policies of the articles `article-1` and so on. */
const ARTICLES = ['OPEN', 'OPEN', 'MODERATED'] as const;
/** Comments of each article at the beginning. */
const COMMENTS = 20;

/** The content of the database at the beginning. */
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

/** Writers that are guests, members and moderators. */
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

/** Every other follower uses a WebSocket; some are signed in. @param urlsOf the gateways of the follower at an index */
export async function followers(
  count: number,
  { urlsOf, next }: { urlsOf(index: number): readonly string[] } & Pick<FollowerOptions, 'next'>,
): Promise<Follower[]> {
  const logProgress = ARTICLES.map(() => ({ sequence: 0 }));
  const roles = [null, null, null, 'READER', 'MODERATOR'] as const;
  return Promise.all(
    Array.from({ length: count }, async (_, i) => {
      const { authorization } = await person(`Reader${i}`, roles[i % roles.length]!);
      // Two followers of each article in turn, one of each transport.
      const article = Math.floor(i / 2) % ARTICLES.length;
      return new Follower({
        slug: `article-${article + 1}`,
        progress: logProgress[article]!,
        dial: i % 2 === 0 ? dialSocket : dialStream,
        authorization,
        urls: urlsOf(i),
        next,
      });
    }),
  );
}

/** Lets the followers read and follow their discussions. @returns stops them */
export async function startFollowers(
  readers: readonly Follower[],
  closers: (() => unknown)[],
): Promise<() => Promise<void>> {
  await Promise.all(readers.map((reader) => reader.begin()));
  const running = readers.map((reader) => reader.run());
  const stop = async (): Promise<void> => {
    for (const reader of readers) reader.stop();
    await Promise.all(running);
  };
  closers.push(() => readers.map((reader) => reader.stop()));
  return stop;
}

export interface RunningWriters {
  /** Rejects when a writer fails. */
  running: Promise<unknown>;
  /** Resolves when the last change is confirmed. */
  finish(): Promise<void>;
}

/** Lets the writers write, each with a pause after every change. */
export function startWriters(
  people: readonly Writer[],
  closers: (() => unknown)[],
  pause: () => Promise<unknown> = async () => {},
): RunningWriters {
  let hasFinished = false;
  const running = Promise.all(
    people.map(async (writer) => {
      while (!hasFinished) {
        await writer.write();
        await pause();
      }
    }),
  );
  const stop = (): void => {
    hasFinished = true;
  };
  closers.push(stop);
  return {
    running,
    async finish() {
      stop();
      await running;
    },
  };
}
