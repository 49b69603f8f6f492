import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeId } from '../schema/content/ids.ts';
import { verify } from '../src/database/derived/verify.ts';
import type { Client } from './client.ts';
import { startGateway, type TestGateway } from './gateway.ts';
import { write } from './seed.ts';
import { token } from './tokens.ts';

const PROFILE = 'id name kind bio { markdown html text } url avatarUrl';

interface Profile {
  id: string;
  name: string;
  bio: { markdown: string; html: string; text: string } | null;
  url: string | null;
  avatarUrl: string | null;
}

interface Result {
  __typename: string;
  code?: string;
  path?: string[];
  author?: Profile;
}

let gateway: TestGateway;
let admin: Client;

beforeAll(async () => {
  gateway = await startGateway((sql) =>
    write(sql, {
      authors: [
        { id: 1, name: 'Stella Staff' },
        { id: 2, kind: 'MEMBER' },
        { id: 3, kind: 'GUEST' },
      ],
      articles: [{ id: 1 }],
    }),
  );
  admin = gateway.as({ name: 'Ada', role: 'ADMIN' });
});

afterAll(() => gateway.stop());

async function update(client: Client, input: object): Promise<Result> {
  const { data, errors } = await client.ask<{ updateProfile: Result }>(
    `mutation ($input: UpdateProfileInput!) { updateProfile(input: $input) { __typename ... on Error { code }
      ... on InvalidInputError { path } ... on ProfileSuccess { author { ${PROFILE} } } } }`,
    { input },
  );
  expect(errors).toBeUndefined();
  return data.updateProfile;
}

async function own(client: Client): Promise<Profile> {
  const { data } = await client.ask<{ viewer: { author: Profile } }>(`{ viewer { author { ${PROFILE} } } }`);
  return data.viewer.author;
}

let people = 0;
const somebody = (role: 'READER' | 'WRITER' | 'ADMIN' = 'READER') => gateway.as({ name: `Person ${++people}`, role });

describe('updateProfile', () => {
  it('sets what is given, keeps what is left out, and null or an empty text takes away', async () => {
    const reader = somebody();
    const { author } = await update(reader, {
      ...{ bio: ' Writes *slowly*.\n\n<b>Often</b> ', url: 'HTTPS://Example.com', avatarUrl: '/faces/me.png' },
    });
    expect(author).toMatchObject({ url: 'https://example.com/', avatarUrl: '/faces/me.png' });
    expect(author!.bio).toEqual({
      markdown: 'Writes *slowly*.\n\n<b>Often</b>',
      html: '<p>Writes <em>slowly</em>.</p>\n<p>&lt;b&gt;Often&lt;/b&gt;</p>',
      text: 'Writes slowly.\n\n<b>Often</b>',
    });
    expect((await update(reader, {})).author).toEqual(author);
    expect((await update(reader, { url: null })).author).toEqual({ ...author, url: null });
    expect((await update(reader, { bio: ' ', avatarUrl: '' })).author).toEqual({
      ...{ ...author, url: null, bio: null, avatarUrl: null },
    });
    expect(await own(reader)).toMatchObject({ url: null, bio: null, avatarUrl: null });
  });

  it('of staff is for admins, who may not change those of members and guests', async () => {
    const staff = encodeId('Author', 1);
    const changed = await update(admin, { authorId: staff, bio: 'Breeds okapis.' });
    expect(changed.author).toMatchObject({ name: 'Stella Staff', bio: { text: 'Breeds okapis.' } });
    const { data } = await gateway.ask('{ search(query: "okapis") { nodes { ... on Author { name } } } }');
    expect(data).toEqual({ search: { nodes: [{ name: 'Stella Staff' }] } });
    for (const id of [2, 3])
      expect((await update(admin, { authorId: encodeId('Author', id), bio: 'Other' })).code).toBe('FORBIDDEN');
    for (const authorId of [encodeId('Author', 9_999), encodeId('Article', 1), 'x'])
      expect((await update(admin, { authorId, bio: 'Other' })).code).toBe('NOT_FOUND');
    for (const client of [gateway, somebody(), somebody('WRITER'), gateway.as({ name: 'Mo', role: 'MODERATOR' })])
      for (const authorId of [staff, encodeId('Author', 9_999), 'x'])
        expect((await update(client, { authorId, bio: 'Other' })).code).toBe('FORBIDDEN');
    const { rows } = await gateway.sql.query('SELECT count(*)::int AS n FROM author WHERE bio_source = $1', ['Other']);
    expect(rows).toEqual([{ n: 0 }]);
    const writer = somebody('WRITER');
    const { id: authorId } = await own(writer);
    expect((await update(writer, { authorId, bio: 'Mine' })).author).toMatchObject({ bio: { text: 'Mine' } });
  });

  it.each([
    ['a long bio', { bio: 'x'.repeat(2_001) }, 'bio'],
    ['a bio that shows nothing', { bio: '&nbsp;' }, 'bio'],
    ['a bio with a NUL', { bio: 'a\0b' }, 'bio'],
    ['a script as url', { url: 'javascript:alert(1)' }, 'url'],
    ['a path as url', { url: '/me' }, 'url'],
    ['a url with a password', { url: 'https://a:b@example.com/' }, 'url'],
    ['a url of another scheme', { url: 'ftp://example.com/' }, 'url'],
    ['a long url', { url: `https://example.com/${'x'.repeat(2_000)}` }, 'url'],
    ['data as picture', { avatarUrl: 'data:image/png;base64,AAAA' }, 'avatarUrl'],
    ['a path to another site as picture', { avatarUrl: '//example.com/a.png' }, 'avatarUrl'],
    ['a backslash to another site as picture', { avatarUrl: '/\\example.com/a.png' }, 'avatarUrl'],
  ])('refuses %s and changes nothing', async (_, input, field) => {
    const reader = somebody();
    await update(reader, { bio: 'Before', url: 'https://example.com/before', avatarUrl: '/before.png' });
    const before = await own(reader);
    expect(await update(reader, { bio: 'After', url: null, ...input })).toMatchObject({
      ...{ __typename: 'InvalidInputError', code: 'INVALID_INPUT', path: ['input', field] },
    });
    expect(await own(reader)).toEqual(before);
  });

  it('makes a picture the own one: later tokens neither replace it nor bring it back', async () => {
    const shown = (picture: string) =>
      gateway.showing(`Bearer ${token({ sub: 'pia', name: 'Pia', picture: `https://example.com/${picture}.png` })}`);
    expect((await own(shown('a'))).avatarUrl).toBe('https://example.com/a.png');
    // A profile that leaves the picture out leaves it to the tokens.
    await update(shown('a'), { bio: 'Some words' });
    expect((await own(shown('b'))).avatarUrl).toBe('https://example.com/b.png');
    await update(shown('b'), { avatarUrl: 'https://example.com/own.png' });
    expect(await own(shown('c'))).toMatchObject({
      avatarUrl: 'https://example.com/own.png',
      bio: { text: 'Some words' },
    });
    await update(shown('c'), { avatarUrl: null });
    expect((await own(shown('d'))).avatarUrl).toBeNull();
    // The name still follows the token.
    const renamed = gateway.showing(
      `Bearer ${token({ sub: 'pia', name: 'Pia B.', picture: 'https://example.com/e.png' })}`,
    );
    expect(await own(renamed)).toMatchObject({ name: 'Pia B.', avatarUrl: null });
  });

  it('leaves the search index as verify computes it', async () => {
    expect(await verify({ url: gateway.databaseUrl, repair: false })).toEqual([]);
  });
});
