import type { AuthorKind } from '../../../prisma/client/enums.ts';
import type { Context, Queryable, SignedInViewer } from '../context.ts';
import { clearLoaders } from '../context-loader.ts';
import { ForbiddenError, InvalidInputError, NotFoundError, TextTooComplexError } from '../errors.ts';
import { decodeIdOf } from '../ids.ts';
import { queryRow } from '../query.ts';
import type { AuthorRow } from '../row-types.ts';
import { RENDERING_VERSION } from '../text/render.ts';
import type { RenderedText } from '../text/renderings.ts';
import { isBlank, storageFault } from '../text/text-rules.ts';
import { authorEvents, scheduleAuthorEvents } from './author-events.ts';
import { authorLoader } from './author-lists.ts';
import { type CheckedProfile, checkProfile, type ProfileInput } from './profile-input.ts';

export interface UpdateProfileInput extends ProfileInput {
  /** The viewer by default. */
  authorId?: string | null | undefined;
}

/**
 * Changes what the input has of a person's public profile: their own for everybody, that of staff for admins.
 * @throws ForbiddenError, NotFoundError, InvalidInputError, RateLimitedError
 */
export async function updateProfile(context: Context, input: UpdateProfileInput): Promise<AuthorRow> {
  const { viewer } = context;
  if (!viewer) throw new ForbiddenError('Sign in to change your profile.');
  const ownId = viewer.author.id;
  const id = input.authorId == null ? ownId : decodeIdOf('Author', input.authorId);
  // Before anything is looked up, so that the answer is the same for every author, and for none.
  if (id !== ownId && viewer.role !== 'ADMIN')
    throw new ForbiddenError('Only admins change the profiles of others, and of staff alone.');
  await context.consumeRateLimit('profile');
  if (id === null) throw noSuchAuthor();
  const profile = checkProfile(input, context.settings);
  const bio = profile.bio == null ? null : await renderBio(context, profile.bio);
  await context.change(async (tx) => {
    await requireProfile(tx, id, viewer);
    const isShown = await updateColumns(tx, id, { ...profile, rendered: bio });
    if (isShown) await scheduleAuthorEvents(tx, id);
  });
  context.wakeJob(authorEvents);
  clearLoaders(context);
  return authorLoader(context).load(id);
}

function noSuchAuthor(): NotFoundError {
  return new NotFoundError('There is no such author.');
}

/** Locks the author. @throws NotFoundError, ForbiddenError for somebody else who is not staff */
async function requireProfile(tx: Queryable, id: number, viewer: SignedInViewer): Promise<void> {
  const [row] = await tx.query<[kind: AuthorKind]>({
    name: 'author-profile-lock',
    text: 'SELECT kind FROM author WHERE id = $1 FOR NO KEY UPDATE',
    values: [id],
  });
  if (!row) throw noSuchAuthor();
  if (id !== viewer.author.id && row[0] !== 'STAFF')
    throw new ForbiddenError('Members and guests keep their own profiles; admins change those of staff alone.');
}

/** @throws InvalidInputError when it shows nothing or is too complex; RateLimitedError */
async function renderBio(context: Context, bio: string): Promise<RenderedText> {
  const path = ['input', 'bio'];
  try {
    const rendered = await context.convertText('bio', bio);
    if (isBlank(rendered.text)) throw new InvalidInputError('`bio` is empty: nothing of this would be visible.', path);
    // Character references and removed Markdown can make stacks of marks that the source does not have.
    const fault = storageFault(rendered.text);
    if (fault) throw new InvalidInputError(`\`bio\` ${fault}.`, path);
    return rendered;
  } catch (error) {
    if (!(error instanceof TextTooComplexError)) throw error;
    throw new InvalidInputError('`bio` is too complex to render: it takes too long, or the result is too large.', path);
  }
}

/**
 * A picture that is set or taken away here is no longer changed by tokens.
 * @returns whether what discussions show of the author changed
 */
async function updateColumns(
  tx: Queryable,
  id: number,
  { bio, url, avatarUrl, rendered }: CheckedProfile & { rendered: RenderedText | null },
): Promise<boolean> {
  const [isShown] = await queryRow<[isShown: boolean]>(tx, {
    name: 'author-profile-update',
    text: `UPDATE author a SET
        bio_source = CASE WHEN $2 THEN $3 ELSE a.bio_source END, bio_html = CASE WHEN $2 THEN $4 ELSE a.bio_html END,
        bio_text = CASE WHEN $2 THEN $5 ELSE a.bio_text END, bio_format = CASE WHEN $2 THEN 'MARKDOWN' ELSE a.bio_format END,
        bio_rendering = CASE WHEN $2 THEN $10 ELSE a.bio_rendering END,
        url = CASE WHEN $6 THEN $7 ELSE a.url END,
        avatar_url = CASE WHEN $8 THEN $9 ELSE a.avatar_url END, avatar_chosen = a.avatar_chosen OR $8, updated_at = now()
      FROM (SELECT id, url, avatar_url FROM author WHERE id = $1) b WHERE a.id = b.id
      RETURNING (a.url, a.avatar_url) IS DISTINCT FROM (b.url, b.avatar_url)`,
    values: [
      ...[id, bio !== undefined, bio ?? null, rendered?.html ?? null, rendered?.text ?? null],
      ...[url !== undefined, url ?? null, avatarUrl !== undefined, avatarUrl ?? null],
      RENDERING_VERSION,
    ],
  });
  return isShown;
}
