import type { AuthorKind } from '../../prisma/client/enums.ts';
import type { Queryable, SignedInViewer } from '../../schema/content/context.ts';
import { findFreeSlug, slugOf } from '../../schema/content/text/slug.ts';
import type { Person } from './claims.ts';

/** Milliseconds that somebody is known without asking the database. */
const KNOWN_FOR = 60_000;
/** People known at one time, a few hundred bytes each. */
const MAX_KNOWN = 10_000;

type Member = SignedInViewer['author'];

/**
 * Finds the author that stands for a person, made when they are first seen. What others see of them follows what
 * their tokens say; it is written when it changed.
 */
export function createMembers(db: Queryable): (person: Person) => Promise<Member> {
  const known = new Map<string, { said: string; until: number; member: Promise<Member> }>();

  return (person) => {
    const { subject, name, avatarUrl, role } = person;
    const said = JSON.stringify([name, avatarUrl, role]);
    const earlier = known.get(subject);
    if (earlier?.said === said && earlier.until > Date.now()) return earlier.member;
    const member = findMember(db, person);
    const entry = { said, until: Date.now() + KNOWN_FOR, member };
    known.delete(subject);
    known.set(subject, entry);
    for (const oldest of known.keys()) {
      if (known.size <= MAX_KNOWN) break;
      known.delete(oldest);
    }
    member.catch(() => {
      if (known.get(subject) === entry) known.delete(subject);
    });
    return member;
  };
}

function kindOf({ role }: Person): AuthorKind {
  return role === 'READER' ? 'MEMBER' : 'STAFF';
}

async function findMember(db: Queryable, person: Person): Promise<Member> {
  const { subject, name, avatarUrl } = person;
  const kind = kindOf(person);
  for (;;) {
    const [found] = await db.query<[number, string, string, AuthorKind, string | null]>({
      name: 'member-find',
      text: 'SELECT id, slug, name, kind, avatar_url FROM author WHERE subject = $1',
      values: [subject],
    });
    if (found) {
      const [id, slug, currentName, currentKind, currentAvatar] = found;
      // A token without a picture says nothing of it.
      if (currentName !== name || currentKind !== kind || (avatarUrl !== null && currentAvatar !== avatarUrl))
        await db.query({
          name: 'member-update',
          text: `UPDATE author SET name = $2, kind = $3::"AuthorKind", avatar_url = coalesce($4, avatar_url),
            updated_at = now() WHERE id = $1`,
          values: [id, name, kind, avatarUrl],
        });
      return { id, slug, name, kind };
    }
    const slug = await findFreeSlug(slugOf(name), (candidates) => findTakenSlugs(db, candidates));
    const [made] = await db.query<[number]>({
      name: 'member-insert',
      // Nothing is written when another request was first with this person, or with this slug: then look again.
      text: `INSERT INTO author (slug, name, kind, avatar_url, subject) VALUES ($1, $2, $3::"AuthorKind", $4, $5)
        ON CONFLICT DO NOTHING RETURNING id`,
      values: [slug, name, kind, avatarUrl, subject],
    });
    if (made) return { id: made[0], slug, name, kind };
  }
}

async function findTakenSlugs(db: Queryable, candidates: readonly string[]): Promise<string[]> {
  const rows = await db.query<[string]>({
    name: 'author-slugs',
    text: 'SELECT slug FROM author WHERE slug = ANY($1)',
    values: [candidates],
  });
  return rows.map(([slug]) => slug);
}
