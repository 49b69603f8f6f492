import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { importFiles } from '../../src/import/index.ts';
import type { Closers } from '../closers.ts';
import { exportOf } from '../fixtures/wordpress/export.ts';

/** Imports a later export of the site of each kind. */
export interface SiteImports {
  /** WordPress's, with one post and its comments, some of which have changed. The article's slug is `post-1` for number 1. */
  post(number: number): Promise<void>;
  /** Disqus's, with other comments on the same post. */
  disqus(number: number): Promise<void>;
}

/** Comments of a post in its first export. */
const COMMENTS = 10;
/** Ids of the comments of one post. */
const IDS = 10_000;
const SITE = 'https://blog.example';

/** @param url of the database */
export async function prepareImports(url: string, closers: Closers): Promise<SiteImports> {
  const directory = await mkdtemp(join(tmpdir(), 'broadsheet-walk-'));
  closers.push(() => rm(directory, { recursive: true }));
  const file = join(directory, 'export.xml');
  const out = new Writable({ write: (_chunk, _encoding, done) => done() });
  const times = new Map<string, number>();

  /** The texts of a discussion that grows and changes with each export of it. */
  function nextTexts(discussion: string): string[] {
    const time = (times.get(discussion) ?? 0) + 1;
    times.set(discussion, time);
    return Array.from({ length: COMMENTS + time }, (_, n) => {
      return `Imported comment ${n}${n % 3 === 0 ? `, at import ${time}` : ''}`;
    });
  }
  return {
    async post(number) {
      const first = (number - 1) * IDS + 1;
      const comments = nextTexts(`post ${number}`).map((text, n) => {
        return { id: first + n, ...(n % 2 === 1 && { parent: first + n - 1 }), text };
      });
      const site = { url: SITE, authors: [{ id: 7, login: 'jo' }], posts: [{ id: number, comments }] };
      await writeFile(file, exportOf(site));
      await importFiles({ files: [file], url, out });
    },
    async disqus(number) {
      await writeFile(file, disqusExport(number, nextTexts(`thread ${number}`)));
      await importFiles({ files: [file], url, out });
    },
  };
}

/** An export of Disqus with one discussion. */
function disqusExport(number: number, texts: readonly string[]): string {
  const author = (name: string): string =>
    `<author><email>${name}@example.com</email><name>${name}</name><isAnonymous>true</isAnonymous></author>`;
  const first = number * IDS;
  const posts = texts.map(
    (text, n) => `<post dsq:id="${first + n}"><id /><message><![CDATA[<p>${text}</p>]]></message>
<createdAt>2021-01-03T10:00:00Z</createdAt><isDeleted>false</isDeleted><isSpam>false</isSpam>${author(`guest-${n % 7}`)}
<thread dsq:id="${number}" />${n % 2 === 1 ? `<parent dsq:id="${first + n - 1}" />` : ''}</post>`,
  );
  return `<?xml version="1.0" encoding="utf-8"?>
<disqus xmlns="http://disqus.com" xmlns:dsq="http://disqus.com/disqus-internals">
<category dsq:id="1"><forum>walk</forum><title>General</title><isDefault>true</isDefault></category>
<thread dsq:id="${number}"><id>${number}</id><forum>walk</forum><category dsq:id="1" /><link>${SITE}/post-${number}/</link>
<title>Post ${number}</title><message /><createdAt>2021-01-02T11:00:00Z</createdAt>${author('owner')}
<isClosed>false</isClosed><isDeleted>false</isDeleted></thread>
${posts.join('\n')}
</disqus>
`;
}
