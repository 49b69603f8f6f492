import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startGateway, type TestGateway } from './gateway.ts';
import { token, VIEWER } from './tokens.ts';

describe('the viewer of a request', () => {
  let gateway: TestGateway;

  beforeAll(async () => {
    gateway = await startGateway();
  });

  afterAll(() => gateway.stop());

  async function viewer(payload: Record<string, unknown>): Promise<unknown> {
    const { data } = await gateway.showing(`Bearer ${token(payload)}`).ask<{ viewer: unknown }>(VIEWER);
    return data.viewer;
  }

  it('is null without a token', async () => {
    expect((await gateway.ask(VIEWER)).data).toEqual({ viewer: null });
  });

  it('is created at the first request: a member, or staff when the role may write', async () => {
    expect((await gateway.as({ name: 'Ann' }).ask(VIEWER)).data).toEqual({
      viewer: { role: 'READER', author: { slug: 'ann', name: 'Ann', kind: 'MEMBER', avatarUrl: null } },
    });
    expect((await gateway.as({ name: 'Ann', sub: 'other', role: 'WRITER' }).ask(VIEWER)).data).toEqual({
      viewer: { role: 'WRITER', author: { slug: 'ann-2', name: 'Ann', kind: 'STAFF', avatarUrl: null } },
    });
  });

  it('is one author, even when its first requests arrive at once', async () => {
    const requests = Array.from({ length: 30 }, (_, i) => gateway.as({ name: 'Bea', sub: `bea-${i % 3}` }).ask(VIEWER));
    const answers = await Promise.all(requests);
    expect(new Set(answers.map(({ data }) => JSON.stringify(data))).size).toBe(3);
    const { rows } = await gateway.sql.query("SELECT count(*)::int AS n FROM author WHERE name = 'Bea'");
    expect(rows).toEqual([{ n: 3 }]);
  });

  it('needs no statement at the second request', async () => {
    const carl = gateway.as({ name: 'Carl' });
    await carl.ask('{ __typename }');
    expect((await carl.ask('{ __typename }')).statements).toEqual([]);
  });

  it('gets name and avatar from the latest token, and keeps its slug', async () => {
    const person = { sub: 'dora', name: 'Dora', picture: 'https://example.com/a.png' };
    const author = { slug: 'dora', name: 'Dora', kind: 'MEMBER', avatarUrl: 'https://example.com/a.png' };
    expect(await viewer(person)).toMatchObject({ author });
    const renamed = { ...person, name: ' Dora\u202e  the\nFirst ', picture: 'https://example.com/b.png' };
    const changed = { ...author, name: 'Dora the First', avatarUrl: 'https://example.com/b.png' };
    expect(await viewer(renamed)).toMatchObject({ author: changed });
    expect(await viewer({ ...renamed, picture: undefined })).toMatchObject({ author: changed });
    expect(await viewer({ ...renamed, picture: 'javascript:alert(1)' })).toMatchObject({ author: changed });
  });

  describe('an older token', () => {
    const NOW = Math.floor(Date.now() / 1_000);
    const author = ({ data }: { data: unknown }) => (data as { viewer: { author: object } }).viewer.author;
    const use = async (payload: object, other = gateway) =>
      author(await other.showing(`Bearer ${token({ sub: 'older', name: 'Older', ...payload })}`).ask(VIEWER));
    const stored = async (subject: string) =>
      (await gateway.sql.query('SELECT name, kind, avatar_url FROM author WHERE subject = $1', [`|${subject}`]))
        .rows[0];

    it('sets back neither name nor kind nor picture, also at another gateway and after a restart', async () => {
      const old = { iat: NOW - 100, name: 'Old', picture: 'https://example.com/old.png' };
      const recent = { iat: NOW - 50, name: 'New', picture: 'https://example.com/new.png', roles: ['writer'] };
      await use(old);
      const now = { name: 'New', kind: 'STAFF', avatarUrl: 'https://example.com/new.png' };
      expect(await use(recent)).toMatchObject(now);
      expect(await use(old)).toMatchObject(now);
      expect(await use({ ...old, iat: undefined })).toMatchObject(now);
      const other = await startGateway(undefined, { DATABASE_URL: gateway.databaseUrl });
      try {
        expect(await use(old, other)).toMatchObject(now);
        expect(await use({ ...old, iat: NOW - 40.5, name: 'Newest' }, other)).toMatchObject({ name: 'Newest' });
        expect(await use(recent)).toMatchObject({ name: 'Newest', kind: 'MEMBER' });
      } finally {
        await other.stop();
      }
      expect(await stored('older')).toEqual({ name: 'Newest', kind: 'MEMBER', avatar_url: old.picture });
    });

    it('has no effect after a newer one that stated the same as the row', async () => {
      await use({ sub: 'same', iat: NOW - 100, name: 'A' });
      await use({ sub: 'same', iat: NOW - 50, name: 'A' });
      expect(await use({ sub: 'same', iat: NOW - 60, name: 'B' })).toMatchObject({ name: 'A' });
    });

    it('has its own role all the same, which ends with the token', async () => {
      await use({ sub: 'role', iat: NOW - 50 });
      const old = token({ sub: 'role', name: 'Older', iat: NOW - 100, roles: ['writer'] });
      expect((await gateway.showing(`Bearer ${old}`).ask(VIEWER)).data).toMatchObject({
        viewer: { role: 'WRITER', author: { kind: 'MEMBER' } },
      });
    });

    it('takes no picture back that a newer one without a picture has taken away', async () => {
      const picture = 'https://example.com/a.png';
      expect(await use({ sub: 'gone', iat: NOW - 100, picture })).toMatchObject({ avatarUrl: picture });
      // Tokens of the same second: only one of them has the picture.
      expect(await use({ sub: 'gone', iat: NOW - 100 })).toMatchObject({ avatarUrl: picture });
      expect(await use({ sub: 'gone', iat: NOW - 50 })).toMatchObject({ avatarUrl: null });
      expect(await use({ sub: 'gone', iat: NOW - 100, picture })).toMatchObject({ avatarUrl: null });
    });

    it('and a newer one leave the picture that the person has chosen', async () => {
      const picture = 'https://example.com/a.png';
      await use({ sub: 'chosen', iat: NOW - 100, picture });
      const chosen = 'https://example.com/chosen.png';
      await gateway.sql.query(`UPDATE author SET avatar_url = $1, avatar_chosen = true WHERE subject = '|chosen'`, [
        chosen,
      ]);
      expect(await use({ sub: 'chosen', iat: NOW - 50, name: 'B' })).toMatchObject({ name: 'B', avatarUrl: chosen });
    });

    it('cannot be made newer than all others by a time to come', async () => {
      expect(await use({ sub: 'ahead', iat: NOW - 100, name: 'A' })).toMatchObject({ name: 'A' });
      expect(await use({ sub: 'ahead', iat: NOW + 3_600, name: 'Ahead' })).toMatchObject({ name: 'A' });
      expect(await use({ sub: 'ahead', iat: NOW - 50, name: 'B' })).toMatchObject({ name: 'B' });
      // The issuer's clock may be some seconds ahead.
      expect(await use({ sub: 'ahead', iat: NOW + 20, name: 'C' })).toMatchObject({ name: 'C' });
    });

    it('of the same second is the last one used', async () => {
      for (const name of ['A', 'B', 'A'])
        expect(await use({ sub: 'second', iat: NOW - 100, name })).toMatchObject({ name });
    });

    it('leaves what a newer one of a concurrent request has written', async () => {
      const payloads = Array.from({ length: 20 }, (_, at) => ({
        sub: 'race',
        iat: NOW - 100 + at,
        name: `Name ${at}`,
      }));
      await Promise.all(payloads.toReversed().map((payload) => use(payload)));
      expect(await stored('race')).toMatchObject({ name: 'Name 19' });
    });
  });

  it('with two tokens that state different names does not have a row written by every request', async () => {
    const clients = ['Fay', 'Fay the Second'].map((name) => gateway.as({ name, sub: 'fay' }));
    let updates = 0;
    for (let n = 0; n < 30; n++) {
      const { statements } = await clients[n % 2]!.ask(VIEWER);
      updates += statements.filter((text) => text.includes('UPDATE author SET')).length;
    }
    expect(updates).toBe(10);
    // Rights follow the token all the same.
    const writer = await gateway.as({ name: 'Fay', sub: 'fay', role: 'WRITER' }).ask(VIEWER);
    expect(writer.data).toMatchObject({ viewer: { role: 'WRITER' } });
  });

  it('is another author for the same subject of another issuer', async () => {
    const slug = async (iss: string) => (await viewer({ sub: 'eve', name: 'Eve', iss })) as object;
    expect(await slug('https://a.example')).toMatchObject({ author: { slug: 'eve' } });
    expect(await slug('https://b.example')).toMatchObject({ author: { slug: 'eve-2' } });
  });

  it('has a name that can be shown, also when a long one is cut', async () => {
    const long = { sub: 'gil', name: `${'a'.repeat(79)} b` };
    expect(await viewer(long)).toMatchObject({ author: { name: 'a'.repeat(79) } });
    const blank = token({ sub: 'gil', name: `${'\u00ad'.repeat(80)}Gil` });
    const { errors } = await gateway.showing(`Bearer ${blank}`).ask(VIEWER);
    expect(errors![0]!.extensions.code).toBe('UNAUTHENTICATED');
  });

  it.each<[unknown, string]>([
    [undefined, 'READER'],
    [null, 'READER'],
    [[], 'READER'],
    [['editor', 'publisher'], 'READER'],
    [['reader', 'Moderator', 'WRITER'], 'MODERATOR'],
    ['openid writer profile', 'WRITER'],
    ['admin', 'ADMIN'],
    ['administrator', 'READER'],
  ])('with the roles %j has the role %s', async (roles, role) => {
    expect(await viewer({ sub: 'finn', name: 'Finn', roles })).toMatchObject({ role });
  });

  it('has the roles of the claim that JWT_ROLES_CLAIM names, also of a path into objects', async () => {
    for (const [claim, payload] of [
      ['https://example.com/roles', { 'https://example.com/roles': ['writer'] }],
      ['realm_access.roles', { realm_access: { roles: ['writer'] } }],
    ] as const) {
      const other = await startGateway(undefined, { JWT_ROLES_CLAIM: claim });
      try {
        const authorization = `Bearer ${token({ sub: 'gus', name: 'Gus', roles: ['admin'], ...payload })}`;
        expect((await other.showing(authorization).ask(VIEWER)).data).toMatchObject({ viewer: { role: 'WRITER' } });
      } finally {
        await other.stop();
      }
    }
  });
});
