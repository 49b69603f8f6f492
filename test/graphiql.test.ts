import { gunzipSync } from 'node:zlib';
import { renderGraphiQL } from '@graphql-yoga/render-graphiql';
import { isAbstractType, parse, type SelectionSetNode, TypeInfo, visit, visitWithTypeInfo } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeId } from '../schema/content/ids.ts';
import { schema } from '../schema/index.ts';
import type { ExampleTab } from '../src/transport/http/graphiql/examples.ts';
import { startGateway, type TestGateway, until } from './gateway.ts';
import { send } from './http/requests.ts';

/** What a browser sends for a page. */
const BROWSER = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8', 'accept-encoding': 'gzip, br' };

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startGateway();
});

afterAll(() => gateway.stop());

async function readPage(): Promise<{ html: string; tabs: ExampleTab[]; response: Response }> {
  const response = await fetch(gateway.url, { headers: BROWSER });
  const html = await response.text();
  const [, options] = /renderYogaGraphiQL\(\s*window\.document\.querySelector\('#root'\),\s*(\{.*\}),\n/.exec(html)!;
  return { html, tabs: JSON.parse(options!).defaultTabs, response };
}

describe('GraphiQL', () => {
  it('is one page that may fetch nothing from other servers', async () => {
    const { html, response } = await readPage();
    expect(response.status).toBe(200);
    expect(/<title>(.*?)<\/title>/.exec(html)?.[1]).toBe('Broadsheet');
    const policy = response.headers.get('content-security-policy')!.split('; ');
    expect(policy).toEqual(expect.arrayContaining(["default-src 'none'", "connect-src 'self'"]));
    expect(policy.filter((rule) => /https?:|\*/.test(rule))).toEqual([]);
  });

  it('is compressed', async () => {
    const page = await send(gateway, '/graphql', { headers: BROWSER });
    expect(page.status).toBe(200);
    expect(page.headers).toMatchObject({ 'content-type': 'text/html; charset=utf-8', 'content-encoding': 'gzip' });
    expect(gunzipSync(page.body).toString()).toMatch(/^\s*<!doctype html>/i);
  });

  it('is answered with 304 while the browser has its tag, also in a list or as a weak one', async () => {
    const { etag } = (await send(gateway, '/graphql', { headers: BROWSER })).headers;
    for (const known of [etag!, `W/${etag}`, `"other", ${etag}`, '*']) {
      const again = await send(gateway, '/graphql', { headers: { ...BROWSER, 'if-none-match': known } });
      expect(again.status, known).toBe(304);
      expect(again.body).toHaveLength(0);
      expect(again.headers.etag).toBe(etag);
    }
    const other = await send(gateway, '/graphql', { headers: { ...BROWSER, 'if-none-match': '"other"' } });
    expect(other.status).toBe(200);
  });

  it('is answered to HEAD without its body', async () => {
    const page = await send(gateway, '/graphql', { headers: BROWSER });
    const head = await send(gateway, '/graphql', { method: 'HEAD', headers: BROWSER });
    expect(head.status).toBe(200);
    expect(head.body).toHaveLength(0);
    expect(head.headers['content-length']).toBe(page.headers['content-length']);
  });

  it('is served at an address that contains a query, as GraphiQL writes it there', async () => {
    const { headers } = await send(gateway, '/graphql?query=%7B__typename%7D', { headers: BROWSER });
    expect(headers['content-type']).toContain('text/html');
  });

  it('has no constraints on dragging tabs, which make it miss presses of the mouse', async () => {
    // As long as the library has them; see makePage in src/transport/http/graphiql/page.ts.
    const broken = /dragConstraints:\w+,value:/;
    expect(broken.test(renderGraphiQL({}))).toBe(true);
    expect(broken.test((await readPage()).html)).toBe(false);
  });

  it('takes over what is written when the page needs it, and not only some time later', async () => {
    // Behaviour is tested in graphiql-browser.slow.test.ts; this fails also without a browser when the library changes.
    expect((await readPage()).html).toMatch(/function \w+\((\w+),(\w+)\)\{return broadsheet\.debounce\(\1,\2\)\}/);
  });

  it('has examples while nothing is published', async () => {
    const { tabs } = await readPage();
    expect(tabs.map(({ query }) => operationName(query))).toContain('FrontPage');
  });

  it('has examples that run unchanged, about an article that takes comments, once one is published', async () => {
    await gateway.sql.query(`
      INSERT INTO author (id, slug, name, kind) VALUES (1000, 'writer', 'Writer', 'STAFF');
      INSERT INTO article (id, slug, title, excerpt, body_source, body_html, body_text, status, published_at, author_id, comment_policy, comment_count) VALUES
        (1, 'closed', 'Closed', '', '', '', '', 'PUBLISHED', now(), 1000, 'CLOSED', 9),
        (2, 'open', 'The open article', '', '', '', '', 'PUBLISHED', now(), 1000, 'OPEN', 0),
        (3, 'draft', 'Draft', '', '', '', '', 'DRAFT', NULL, 1000, 'OPEN', 10)`);
    const { tabs } = await readPage();
    const names = tabs.map(({ query }) => operationName(query));
    expect(new Set(names).size).toBe(tabs.length);

    const [live, resumed] = ['LiveDiscussion', 'ResumeDiscussion'].map((name) => tabs[names.indexOf(name)]!);
    const subscription = gateway.subscribe(live!.query, variablesOf(live!));
    const resuming = gateway.subscribe(resumed!.query, variablesOf(resumed!));
    expect(await resuming.arrived(1)).toMatchObject([{ commentEvents: { __typename: 'CaughtUp', replayed: 0 } }]);
    await until('both are live', async () => (await gateway.metrics()).live_subscriptions === 2);
    const answers: Record<string, unknown> = {};
    for (const tab of tabs.filter((tab) => tab !== live && tab !== resumed)) {
      const { data, errors } = await gateway.ask<unknown>(tab.query, variablesOf(tab));
      expect(errors, tab.query).toBeUndefined();
      answers[operationName(tab.query)] = data;
    }
    expect(answers).toMatchObject({
      FrontPage: { articles: { nodes: expect.arrayContaining([expect.objectContaining({ slug: 'open' })]) } },
      ArticlePage: { article: { title: 'The open article' } },
      ReadingOrder: { article: { thread: { rows: [] } } },
      Search: { search: { edges: [{ node: { slug: 'open' } }] } },
      AddComment: { addComment: { held: false } },
      Node: { node: { id: encodeId('Article', 2) } },
    });
    const added = { commentEvents: { __typename: 'CommentAdded', comment: { author: { name: 'Ada' } } } };
    expect((await subscription.arrived(2))[1]).toMatchObject(added);
    expect((await resuming.arrived(2))[1]).toMatchObject(added);
    await subscription.stop();
    await resuming.stop();
  });

  it('has examples that show something of every type that they may get', async () => {
    const { tabs } = await readPage();
    const missing: string[] = [];
    for (const { query } of tabs) {
      const info = new TypeInfo(schema);
      const enter = ({ selections }: SelectionSetNode): void => {
        const type = info.getParentType();
        if (!isAbstractType(type)) return;
        const shown = selections.flatMap((selection) => {
          if (selection.kind === 'InlineFragment') return typesOf(selection.typeCondition!.name.value);
          return selection.kind === 'Field' && selection.name.value !== '__typename' ? typesOf(type.name) : [];
        });
        const others = typesOf(type.name).filter((name) => !shown.includes(name));
        missing.push(...others.map((name) => `${operationName(query)}: ${name}`));
      };
      visit(parse(query), visitWithTypeInfo(info, { SelectionSet: { enter } }));
    }
    expect(missing).toEqual([]);
  });

  it('is not served when it is turned off: a browser gets an error', async () => {
    const without = await startGateway(undefined, { GRAPHIQL: 'off' });
    const { status, headers, body } = await send(without, '/graphql', { headers: BROWSER });
    await without.stop();
    expect(status).toBeGreaterThanOrEqual(400);
    expect(headers['content-type'] ?? '').not.toContain('html');
    expect(body.toString()).not.toContain('<html');
  });
});

/** The object types of a type. */
function typesOf(name: string): string[] {
  const type = schema.getType(name);
  return isAbstractType(type) ? schema.getPossibleTypes(type).map((possible) => possible.name) : [name];
}

function operationName(query: string): string {
  const [operation] = parse(query).definitions;
  return operation?.kind === 'OperationDefinition' ? operation.name!.value : '';
}

function variablesOf({ variables }: ExampleTab): Record<string, unknown> | undefined {
  return variables === undefined ? undefined : JSON.parse(variables);
}
