import { LRUCache } from 'lru-cache';
import type { AuthorKind } from '../../prisma/client/enums.ts';
import { authorEvents, SCHEDULE_AUTHOR_EVENTS } from '../../schema/content/author/author-events.ts';
import type { Context, Queryable, SignedInViewer } from '../../schema/content/context.ts';
import { findFreeSlug, slugOf } from '../../schema/content/text/slug.ts';
import type { TokenClaims } from './token-claims.ts';

/** Milliseconds for which a member is cached: a change of the author's row is seen after this time at the latest. */
const CACHE_TTL = 60_000;
/** Milliseconds between two readings of the clock by the cache. */
const CACHE_TTL_RESOLUTION = 1_000;
/** Cached members, a few hundred bytes each. */
const CACHE_SIZE = 10_000;
/**
 * Updates of one author's row within CACHE_TTL. Somebody with two valid tokens that state different names could cause one
 * by every request; past this number the row keeps what it has for the rest of the time.
 */
const MAX_UPDATES = 10;

type Member = SignedInViewer['author'];

interface CachedMember {
  /** The claims that the author's row was last compared with. */
  fingerprint: string;
  /** A promise, so that concurrent requests of one new member share one lookup. */
  member: Promise<Member>;
}

/**
 * Finds the author of a token's subject, and creates it at the first request. Name, kind and avatar of the author are
 * updated when a token states them differently, the avatar only while nobody has set or taken it away by `updateProfile`.
 */
export function createMemberLookup(
  db: Queryable,
  wakeJob: Context['wakeJob'],
): (claims: TokenClaims) => Promise<Member> {
  const cache = new LRUCache<string, CachedMember>({
    max: CACHE_SIZE,
    ttl: CACHE_TTL,
    ttlResolution: CACHE_TTL_RESOLUTION,
  });

  const updates = new LRUCache<number, number>({
    max: CACHE_SIZE,
    ttl: CACHE_TTL,
    ttlResolution: CACHE_TTL_RESOLUTION,
    noUpdateTTL: true,
  });

  async function update(authorId: number, claims: TokenClaims): Promise<void> {
    const count = (updates.get(authorId) ?? 0) + 1;
    updates.set(authorId, count);
    if (count > MAX_UPDATES) return;
    await updateMember(db, authorId, claims);
    wakeJob(authorEvents);
  }

  return (claims) => {
    const { subject, name, avatarUrl, role } = claims;
    const fingerprint = JSON.stringify([name, avatarUrl, role]);
    const cached = cache.get(subject);
    if (cached?.fingerprint === fingerprint) return cached.member;
    const member = findOrCreateMember(db, claims, update);
    const entry = { fingerprint, member };
    cache.set(subject, entry);
    member.catch(() => {
      if (cache.peek(subject) === entry) cache.delete(subject);
    });
    return member;
  };
}

async function findOrCreateMember(
  db: Queryable,
  claims: TokenClaims,
  update: (authorId: number, claims: TokenClaims) => Promise<void>,
): Promise<Member> {
  const { subject, name, avatarUrl } = claims;
  const kind = kindOf(claims);
  for (;;) {
    const [found] = await db.query<[number, string, string, AuthorKind, string | null, boolean]>({
      name: 'member-find',
      text: 'SELECT id, slug, name, kind, avatar_url, avatar_chosen FROM author WHERE subject = $1',
      values: [subject],
    });
    if (found) {
      const [id, slug, currentName, currentKind, currentAvatar, isChosen] = found;
      // A token without a picture leaves the avatar as it is, and so does any token when the person has chosen one.
      const differs =
        currentName !== name ||
        currentKind !== kind ||
        (avatarUrl !== null && !isChosen && currentAvatar !== avatarUrl);
      if (differs) await update(id, claims);
      return { id, slug, name, kind };
    }
    const slug = await findFreeSlug(slugOf(name), (candidates) => findTakenSlugs(db, candidates));
    const [created] = await db.query<[number]>({
      name: 'member-insert',
      // Inserts nothing when a concurrent request has just inserted this subject or this slug; then the loop repeats.
      text: `INSERT INTO author (slug, name, kind, avatar_url, subject) VALUES ($1, $2, $3::"AuthorKind", $4, $5)
        ON CONFLICT DO NOTHING RETURNING id`,
      values: [slug, name, kind, avatarUrl, subject],
    });
    if (created) return { id: created[0], slug, name, kind };
  }
}

function kindOf({ role }: TokenClaims): AuthorKind {
  return role === 'READER' ? 'MEMBER' : 'STAFF';
}

/** The discussions that show the author get their events later, by the job `authorEvents`. */
async function updateMember(db: Queryable, id: number, claims: TokenClaims): Promise<void> {
  await db.query({
    name: 'member-update',
    text: `WITH changed AS (
        UPDATE author SET name = $2, kind = $3::"AuthorKind",
          avatar_url = CASE WHEN avatar_chosen THEN avatar_url ELSE coalesce($4, avatar_url) END,
          updated_at = now() WHERE id = $1 RETURNING id, comment_count
      ) ${SCHEDULE_AUTHOR_EVENTS}`,
    values: [id, claims.name, kindOf(claims), claims.avatarUrl],
  });
}

async function findTakenSlugs(db: Queryable, candidates: readonly string[]): Promise<string[]> {
  const rows = await db.query<[string]>({
    name: 'author-slugs',
    text: 'SELECT slug FROM author WHERE slug = ANY($1)',
    values: [candidates],
  });
  return rows.map(([slug]) => slug);
}
