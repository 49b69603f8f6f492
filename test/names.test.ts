import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isNameTaken } from '../schema/content/author/name-skeletons.ts';
import type { Queryable } from '../schema/content/context.ts';
import { encodeId } from '../schema/content/ids.ts';
import { verify } from '../src/database/index.ts';
import { readMigrations } from '../src/database/migrate/migration-files.ts';
import { projectRoot } from '../src/root.ts';
import { createEmptyDatabase } from './database.ts';
import { startGateway, type TestGateway } from './gateway.ts';

const ADD = `mutation ($input: AddCommentInput!) {
  addComment(input: $input) {
    __typename
    ... on AddCommentSuccess { comment { id author { name kind } } }
    ... on InvalidInputError { path message }
  }
}`;

const ARTICLE = encodeId('Article', 1);
const REFUSED = { __typename: 'InvalidInputError', path: ['input', 'guest', 'name'] };
const ADDED = { __typename: 'AddCommentSuccess' };

async function seed(sql: Client): Promise<void> {
  await sql.query(`
    INSERT INTO author (id, slug, name, kind) VALUES
      (1001, 'anna', 'Anna Miller', 'STAFF'), (1002, 'bill', 'Bill 10', 'MEMBER'), (1003, 'ivan', 'Иван Петров', 'MEMBER'),
      (1004, 'nikos', 'Νίκος', 'MEMBER'), (1005, 'cyrillic', 'Аnne', 'MEMBER'), (1006, 'fire', '🔥', 'MEMBER'), (1007, 'guest', 'Gil', 'GUEST');
    INSERT INTO article (id, slug, title, excerpt, body_source, body_html, body_text, status, published_at, author_id)
      VALUES (1, 'a', 'A', '', '', '', '', 'PUBLISHED', now(), 1001)`);
}

describe('the name of a guest', () => {
  let gateway: TestGateway;

  beforeAll(async () => {
    gateway = await startGateway(seed);
  });

  afterAll(() => gateway.stop());

  async function post(name: string, more: object = {}): Promise<Record<string, unknown>> {
    const input = { articleId: ARTICLE, body: 'Hello', guest: { name, email: 'guest@example.com' }, ...more };
    const { data, errors } = await gateway.ask<{ addComment: Record<string, unknown> }>(ADD, { input });
    expect(errors).toBeUndefined();
    return data.addComment;
  }

  it.each([
    ['the same', 'Anna Miller'],
    ['another case', 'aNNA mILLER'],
    ['full width', 'Ａｎｎａ Ｍｉｌｌｅｒ'],
    ['zero-width characters', 'An\u200Bna Mil\u200Dler\u2060'],
    ['a soft hyphen', 'An\u00ADna Miller'],
    ['a Hangul filler', 'Anna\u3164Miller'],
    ['accents', 'Ánnà Mïllér'],
    ['combining overlays', 'A\u0336n\u0336n\u0336a\u0336 Miller'],
    ['marks of other scripts', 'An\u05BCna\u0488 Mil\u0301\u05B4ler\u0E47'],
    ['Cyrillic letters', 'Аnnа Мillеr'],
    ['Greek letters', 'Αnna Μiller'],
    ['Cherokee letters', 'Ꭺnna Miller'],
    ['mathematical letters', '𝐀𝓷𝖓𝒶 𝕄𝚒𝐥𝔩𝘦𝐫'],
    ['letters in circles', 'Ⓐⓝⓝⓐ Ⓜⓘⓛⓛⓔⓡ'],
    ['small capitals', 'Aɴɴᴀ ᴍɪʟʟᴇʀ'],
    ['rn for m', 'Anna RNiller'],
    ['1 for l', 'Anna Mi11er'],
    ['a capital I for l', 'Anna MiIIer'],
    ['a bar for l', 'Anna Mi|ler'],
    ['other spaces and punctuation', 'Anna.—Miller!'],
    ['no space', 'AnnaMiller'],
    ['symbols around it', '✓ Anna Miller |'],
    ['o for zero', 'Bill 1o'],
    ['Cyrillic capitals', 'ИВАН ПЕТРОВ'],
    ['Latin letters in a Cyrillic name, partly in capitals', 'Ивaн ПЕТPОВ'],
    ['Greek capitals', 'ΝΙΚΟΣ'],
    ['Latin letters in a Greek name', 'Nίκoς'],
    ['Latin letters for all Cyrillic ones', 'Anne'],
    ['an emoji with a stop', '🔥.'],
  ])('is refused with %s', async (_, name) => {
    expect(await post(name)).toMatchObject(REFUSED);
  });

  it.each(['Anna', 'Hanna Miller', 'Anna Millers', 'Anna Miller 2', 'Bill', 'Иван', 'Νίκη', '🌍', '!', 'Gil'])(
    'may be %s, which only resembles one, also for two guests',
    async (name) => {
      expect(await post(name)).toMatchObject(ADDED);
      const email = 'another@example.com';
      expect(await post(name, { guest: { name, email } })).toMatchObject(ADDED);
    },
  );

  it.each([
    ['letters', '\u202ErelliM annA', 'relliM annA'],
    ['words', '\u2067Miller \u200FAnna\u2069', 'Miller Anna'],
  ])('loses marks of direction, which would show its %s in the order of another name', async (_, name, shown) => {
    expect(await post(name)).toMatchObject({ ...ADDED, comment: { author: { name: shown } } });
    expect(await post(`\u202D${'Anna Miller'}\u202C`)).toMatchObject(REFUSED);
  });

  it('is refused from the moment that somebody of that name joins; what the guest wrote before stays', async () => {
    const before = await post('Dora', { idempotencyKey: 'before' });
    expect(before).toMatchObject(ADDED);
    await gateway.as({ name: 'DORA' }).ask('{ viewer { role } }');
    expect(await post('Dora')).toMatchObject(REFUSED);
    // The same request as before is the same comment.
    expect(await post('Dora', { idempotencyKey: 'before' })).toEqual(before);
  });

  it('is free again when a member is renamed, and the new name is taken', async () => {
    await gateway.as({ name: 'Emil Early', sub: 'emil' }).ask('{ viewer { role } }');
    expect(await post('Emil Early')).toMatchObject(REFUSED);
    await gateway.as({ name: 'Emil Late', sub: 'emil' }).ask('{ viewer { role } }');
    expect(await post('Emil Early')).toMatchObject(ADDED);
    expect(await post('Emil Late')).toMatchObject(REFUSED);
  });

  it('is looked up by one statement in an index', async () => {
    await post('Fay');
    const statements = await gateway.statementsDuring(() => post('Fay'));
    const lookups = statements.filter((text) => text.includes('name_skeleton') || text.includes('stale_name'));
    expect(lookups).toHaveLength(1);
    await gateway.sql.query('SET enable_seqscan = off');
    const { rows } = await gateway.sql.query(`EXPLAIN SELECT FROM name_skeleton WHERE skeleton = ANY ('{a,b}')`);
    expect(JSON.stringify(rows)).toContain('name_skeleton_pkey');
  });

  it('does not matter for those who are signed in', async () => {
    const { data } = await gateway
      .as({ name: 'Anna Miller', sub: 'another' })
      .ask(ADD, { input: { articleId: ARTICLE, body: 'Me', guest: null } });
    expect(data).toMatchObject({ addComment: ADDED });
  });

  it('waits for a rename in progress whose person is not computed yet', async () => {
    await gateway.sql.query(`INSERT INTO author (id, slug, name, kind) VALUES (1050, 'fifty', 'Old Fifty', 'MEMBER')`);
    await gateway.sql.query(`BEGIN; UPDATE author SET name = 'New Fifty' WHERE id = 1050`);
    const posted = post('New Fifty');
    await gateway.sql.query('COMMIT');
    await posted;
    expect(await post('New Fifty')).toMatchObject(REFUSED);
    expect(await verify({ url: gateway.databaseUrl, repair: false })).toEqual([]);
  });

  it('is compared with skeletons that verify checks and repairs', async () => {
    await post('Gus');
    await gateway.sql.query('DELETE FROM name_skeleton WHERE author_id = 1001');
    await gateway.sql.query(`INSERT INTO name_skeleton VALUES ('wrong', 1002), ('gll', 1007)`);
    const wrong = [{ description: 'people with wrong skeletons of their name', count: 3 }];
    expect(await verify({ url: gateway.databaseUrl, repair: false })).toEqual(wrong);
    expect(await verify({ url: gateway.databaseUrl, repair: true })).toEqual(wrong);
    expect(await verify({ url: gateway.databaseUrl, repair: false })).toEqual([]);
    expect(await post('Anna Miller')).toMatchObject(REFUSED);
  });
});

describe('an existing database', () => {
  it('has the names of all staff and members when it is migrated, and is complete before the first request', async () => {
    const { url, drop } = await createEmptyDatabase();
    const sql = new Client({ connectionString: url });
    try {
      await sql.connect();
      const migrations = await readMigrations(join(projectRoot, 'prisma', 'migrations'));
      expect(migrations).toHaveLength((await readdir(join(projectRoot, 'prisma', 'migrations'))).length - 1);
      for (const { name, script } of migrations) {
        if (name === '20261126154000_name_skeletons')
          await sql.query(`INSERT INTO author (slug, name, kind)
            SELECT 'p' || n, 'Person ' || n, (ARRAY['STAFF', 'MEMBER', 'GUEST'])[1 + n % 3]::"AuthorKind" FROM generate_series(1, 1600) n`);
        await sql.query(script);
      }
      const db: Queryable = {
        query: async ({ text, values }) =>
          (await sql.query({ text, values: [...values], rowMode: 'array' })).rows as never,
      };
      const change = (work: (tx: Queryable, emit: never) => Promise<unknown>) => work(db, undefined as never);
      // A guest's name, a member's, and one of staff in other letters.
      expect(await isNameTaken(db, change as never, 'Person 2')).toBe(false);
      expect(await isNameTaken(db, change as never, 'Person 1600')).toBe(true);
      expect(await isNameTaken(db, change as never, 'Реrsоn l598')).toBe(false);
      expect(await isNameTaken(db, change as never, 'РERSОN l5З')).toBe(true);
      expect(await verify({ url, repair: false })).toEqual([]);
    } finally {
      await sql.end();
      await drop();
    }
  });
});

/** SHA-256 of the words of https://www.unicode.org/license.txt, without the last year of the copyright. */
const UNICODE_LICENCE = 'bc63ebf78eb25bf3d3729c3c1af760a9424a8ae03a6f94686f2b70934128535b';

it('the table of look-alike characters has the Unicode License v3 word for word, as the licence demands', async () => {
  const table = await readFile(join(projectRoot, 'schema/content/text/confusables.ts'), 'utf8');
  const comment = table
    .split('\n')
    .filter((line) => line.startsWith('//'))
    .map((line) => line.slice(2));
  const words = comment.join(' ').replace(/\s+/g, ' ');
  const licence = words.slice(words.indexOf('UNICODE LICENSE V3')).replace(/1991-\d{4}/, '1991');
  expect(createHash('sha256').update(licence).digest('hex')).toBe(UNICODE_LICENCE);
});
