import { LRUCache } from 'lru-cache';
import type { AuthorKind } from '../../prisma/client/enums.ts';
import { authorEvents, SCHEDULE_AUTHOR_EVENTS } from '../../schema/content/author/author-events.ts';
import type { Context, Queryable, SignedInViewer } from '../../schema/content/context.ts';
import { authorWrites } from '../../schema/content/dependencies.ts';
import { findFreeSlug, slugOf } from '../../schema/content/text/slug.ts';
import { atMost } from './bounded-cache.ts';
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

/** Has the gateways know that a replica may not have these authors yet. */
const noteWritesOf = (authors: string): string => `noted AS (
    INSERT INTO content_change (subject) SELECT ${authorWrites('id')} FROM ${authors} ON CONFLICT DO NOTHING
  )`;

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
 *
 * The row has the time of the newest token, and an older token changes nothing, at whichever gateway. A token without a time
 * is older than each with one. Of two tokens of the same second, the one that is used last is taken, for either may be newer.
 */
export function createMemberLookup(
  db: Queryable,
  wakeJob: Context['wakeJob'],
): (claims: TokenClaims) => Promise<Member> {
  const cache = new LRUCache<string, CachedMember>({
    ...atMost(CACHE_SIZE),
    ttl: CACHE_TTL,
    ttlResolution: CACHE_TTL_RESOLUTION,
  });

  const updates = new LRUCache<number, number>({
    ...atMost(CACHE_SIZE),
    ttl: CACHE_TTL,
    ttlResolution: CACHE_TTL_RESOLUTION,
    noUpdateTTL: true,
  });

  function mayUpdate(authorId: number): boolean {
    const count = (updates.get(authorId) ?? 0) + 1;
    updates.set(authorId, count);
    return count <= MAX_UPDATES;
  }

  async function update(row: MemberRow, claims: TokenClaims): Promise<boolean> {
    const isUpdated = await updateMember(db, row, { claims, mayUpdate });
    if (isUpdated) wakeJob(authorEvents);
    return isUpdated;
  }

  return (claims) => {
    const { subject, name, avatarUrl, role, issuedAt } = claims;
    const fingerprint = JSON.stringify([name, avatarUrl, role, issuedAt]);
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
  update: (row: MemberRow, claims: TokenClaims) => Promise<boolean>,
): Promise<Member> {
  const { subject, name, avatarUrl, issuedAt } = claims;
  const kind = kindOf(claims);
  for (;;) {
    const found = await findMember(db, subject);
    if (found) {
      const { id, slug } = found;
      const isUpdated = await update(found, claims);
      return isUpdated ? { id, slug, name, kind } : { id, slug, name: found.name, kind: found.kind };
    }
    const slug = await findFreeSlug(slugOf(name), (candidates) => findTakenSlugs(db, candidates));
    const [created] = await db.query<[number]>({
      name: 'member-insert',
      // Inserts nothing when a concurrent request has just inserted this subject or this slug; then the loop repeats.
      text: `WITH created AS (
          INSERT INTO author (slug, name, kind, avatar_url, subject, token_issued_at)
          VALUES ($1, $2, $3::"AuthorKind", $4, $5, $6::timestamptz) ON CONFLICT DO NOTHING RETURNING id
        ), ${noteWritesOf('created')} SELECT id FROM created`,
      values: [slug, name, kind, avatarUrl, subject, timeOf(issuedAt)],
    });
    if (created) return { id: created[0], slug, name, kind };
  }
}

interface MemberRow extends Member {
  avatarUrl: string | null;
  isAvatarChosen: boolean;
  /** Milliseconds since 1970. */
  tokenIssuedAt: number | null;
}

async function findMember(db: Queryable, subject: string): Promise<MemberRow | null> {
  const [row] = await db.query<[number, string, string, AuthorKind, string | null, boolean, number | null]>({
    name: 'member-find',
    text: `SELECT id, slug, name, kind, avatar_url, avatar_chosen, (extract(epoch FROM token_issued_at) * 1000)::float8
      FROM author WHERE subject = $1`,
    values: [subject],
  });
  if (!row) return null;
  const [id, slug, name, kind, avatarUrl, isAvatarChosen, tokenIssuedAt] = row;
  return { id, slug, name, kind, avatarUrl, isAvatarChosen, tokenIssuedAt };
}

interface TokenUpdate {
  claims: TokenClaims;
  mayUpdate(authorId: number): boolean;
}

/**
 * Writes what a token states, unless a newer one was used. The discussions that show the author get their events later, by the job
 * `authorEvents`. @returns whether name and kind are now those of the token
 */
async function updateMember(db: Queryable, row: MemberRow, { claims, mayUpdate }: TokenUpdate): Promise<boolean> {
  const { name, avatarUrl, issuedAt } = claims;
  const known = row.tokenIssuedAt;
  if (known !== null && (issuedAt === null || issuedAt < known)) return false;
  const isNewer = issuedAt !== null && (known === null || issuedAt > known);
  // A picture is taken away by a newer token alone: of several tokens of one sign-in, often only one has it.
  const differs =
    row.name !== name ||
    row.kind !== kindOf(claims) ||
    (!row.isAvatarChosen && row.avatarUrl !== avatarUrl && (avatarUrl !== null || isNewer));
  if (!differs) {
    if (isNewer) await advanceTokenTime(db, row.id, issuedAt);
    return false;
  }
  if (!mayUpdate(row.id)) return false;
  const updated = await db.query({
    name: 'member-update',
    // Another gateway may have written the row since it was read.
    text: `WITH changed AS (
        UPDATE author SET name = $2, kind = $3::"AuthorKind",
          avatar_url = CASE WHEN avatar_chosen THEN avatar_url
            WHEN token_issued_at < $5 OR token_issued_at IS NULL AND $5 IS NOT NULL THEN $4
            ELSE coalesce($4, avatar_url) END,
          token_issued_at = coalesce($5, token_issued_at), updated_at = now()
        WHERE id = $1 AND (token_issued_at IS NULL OR token_issued_at <= $5::timestamptz) RETURNING id, comment_count
      ), ${noteWritesOf('changed')}, scheduled AS (${SCHEDULE_AUTHOR_EVENTS}) SELECT id FROM changed`,
    values: [row.id, name, kindOf(claims), avatarUrl, timeOf(issuedAt)],
  });
  return updated.length > 0;
}

/** By itself, because it changes nothing that the search index has. */
async function advanceTokenTime(db: Queryable, authorId: number, issuedAt: number): Promise<void> {
  await db.query({
    name: 'member-token-time',
    text: `UPDATE author SET token_issued_at = greatest(token_issued_at, $2::timestamptz) WHERE id = $1`,
    values: [authorId, timeOf(issuedAt)],
  });
}

function kindOf({ role }: TokenClaims): AuthorKind {
  return role === 'READER' ? 'MEMBER' : 'STAFF';
}

function timeOf(milliseconds: number | null): Date | null {
  return milliseconds === null ? null : new Date(milliseconds);
}

async function findTakenSlugs(db: Queryable, candidates: readonly string[]): Promise<string[]> {
  const rows = await db.query<[string]>({
    name: 'author-slugs',
    text: 'SELECT slug FROM author WHERE slug = ANY($1)',
    values: [candidates],
  });
  return rows.map(([slug]) => slug);
}
