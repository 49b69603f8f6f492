import { type DefaultTreeAdapterTypes, parseFragment } from 'parse5';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { encodeId } from '../schema/content/ids.ts';
import { renderText } from '../schema/content/text/render.ts';
import type { Client } from './client.ts';
import { startGateway, type TestGateway } from './gateway.ts';
import { write } from './seed.ts';

const SCRIPT = 'alert(1)';

const ELEMENTS = [
  `<script>${SCRIPT}</script>`,
  `<ScRiPt src=//evil.example></ScRiPt>`,
  `<img src=x onerror=${SCRIPT}>`,
  `<img/src="x"/onerror=${SCRIPT}>`,
  `<img src="x" onerror  =  "${SCRIPT}">`,
  `<svg onload=${SCRIPT}>`,
  `<svg><script>${SCRIPT}</script></svg>`,
  `<svg><animate xlink:href=#x attributeName=href values=javascript:${SCRIPT} /><a id=x><text>x</text></a>`,
  `<math><mi xlink:href="javascript:${SCRIPT}">x</mi></math>`,
  `<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=${SCRIPT}&gt;">`,
  `<iframe src="javascript:${SCRIPT}"></iframe>`,
  `<iframe srcdoc="&lt;script&gt;${SCRIPT}&lt;/script&gt;"></iframe>`,
  `<iframe src="https://www.youtube.com.evil.example/embed/x" onload=${SCRIPT}></iframe>`,
  `<object data="javascript:${SCRIPT}"></object>`,
  `<embed src="javascript:${SCRIPT}">`,
  `<form action="javascript:${SCRIPT}"><button>x</button></form>`,
  `<button formaction="javascript:${SCRIPT}">x</button>`,
  `<input autofocus onfocus=${SCRIPT}>`,
  `<details open ontoggle=${SCRIPT}>x</details>`,
  `<video poster="javascript:${SCRIPT}"><source onerror=${SCRIPT}></video>`,
  `<audio src=x onerror=${SCRIPT}>`,
  `<body onload=${SCRIPT}>`,
  `<base href="javascript:${SCRIPT}//">`,
  `<link rel=stylesheet href="javascript:${SCRIPT}">`,
  `<meta http-equiv=refresh content="0;url=javascript:${SCRIPT}">`,
  `<style>@import 'javascript:${SCRIPT}';</style>`,
  `<p style="background:url(javascript:${SCRIPT})">x</p>`,
  `<marquee onstart=${SCRIPT}>x</marquee>`,
  `<template><script>${SCRIPT}</script></template>`,
  `<noscript><p title="</noscript><img src=x onerror=${SCRIPT}>">`,
  `<textarea></textarea><script>${SCRIPT}</script>`,
  `<!--><img src=x onerror=${SCRIPT}>-->`,
  `<![CDATA[><script>${SCRIPT}</script>]]>`,
  `<a href="javascript:${SCRIPT}">x</a>`,
  `<a href="java\tscript:${SCRIPT}">x</a>`,
  `<a href="&#106;avascript:${SCRIPT}">x</a>`,
  `<a href=" javascript:${SCRIPT}">x</a>`,
  `<a href="data:text/html,<script>${SCRIPT}</script>">x</a>`,
  `<a href="vbscript:msgbox(1)">x</a>`,
  `<a href="https://x.example" onclick=${SCRIPT}>x</a>`,
  `<abbr title='"><img src=x onerror=${SCRIPT}>'>x</abbr>`,
  `<x onpointerenter=${SCRIPT}>x</x>`,
];
const MARKDOWN = [
  `[x](javascript:${SCRIPT})`,
  `[x](JaVaScRiPt:${SCRIPT})`,
  `[x](java&#x09;script:${SCRIPT})`,
  `[x](<javascript:${SCRIPT}>)`,
  `[x](data:text/html;base64,PHNjcmlwdD4=)`,
  `![x](javascript:${SCRIPT})`,
  `![" onerror="${SCRIPT}](https://x.example/a.png)`,
  `[x](https://x.example "\\" onmouseover=\\"${SCRIPT}")`,
  `<javascript:${SCRIPT}>`,
  `[x]: javascript:${SCRIPT}\n\n[x]`,
  '```"><img src=x onerror=alert(1)>\nx\n```',
];
const SURROUNDINGS: ((payload: string) => string)[] = [
  (payload) => payload,
  (payload) => `Words ${payload} words`,
  (payload) => `> ${payload}`,
  (payload) => `- **${payload}**`,
  (payload) => `"><b>${payload}`,
  (payload) => `<figure><figcaption>${payload}</figcaption></figure>`,
];

const payloads = [...ELEMENTS, ...MARKDOWN].flatMap((payload) => SURROUNDINGS.map((around) => around(payload)));

const ACTIVE =
  /^(script|style|svg|math|object|embed|applet|form|input|button|select|textarea|base|meta|link|template|noscript|frame|frameset|body|html|head|marquee|portal|x)$/;
const URLS = /^(href|src|poster|cite|action|formaction|data|xlink:href|srcset|background)$/;

/** Describes the content that a browser would run or load; empty when there is none. */
function active(html: string): string[] {
  const found: string[] = [];
  const walk = (node: DefaultTreeAdapterTypes.Node): void => {
    if ('tagName' in node) {
      if (ACTIVE.test(node.tagName)) found.push(`<${node.tagName}>`);
      for (const { name, value } of node.attrs) {
        if (/^on|^style$|^srcdoc$/.test(name)) found.push(`${name}=${value}`);
        // As URL parsers do: unseen characters inside of a scheme do not count.
        if (URLS.test(name) && !/^(https?:|mailto:|tel:|[/#])/i.test(value.replace(/[\s\p{Cc}]/gu, '')))
          if (/^[a-z][a-z0-9+.-]*:/i.test(value.replace(/[\s\p{Cc}]/gu, ''))) found.push(`${name}=${value}`);
      }
      if (node.tagName === 'iframe' && !node.attrs.some(({ name }) => name === 'sandbox')) found.push('<iframe>');
    }
    if ('childNodes' in node) node.childNodes.forEach(walk);
    if ('content' in node) walk(node.content);
  };
  walk(parseFragment(html));
  return found;
}

let gateway: TestGateway;
let writer: Client;

beforeAll(async () => {
  // Headlines quote titles and names, which are plain text.
  gateway = await startGateway((sql) =>
    write(sql, {
      authors: payloads.map((payload, n) => ({ id: n + 1, name: `zebra ${payload}` })),
      articles: payloads.map((payload, n) => ({
        id: n + 1,
        author: n + 1,
        title: `quagga ${payload}`,
        text: `okapi ${payload}`,
      })),
    }),
  );
  writer = gateway.as({ name: 'Wren', role: 'WRITER' });
});

afterAll(() => gateway.stop());

it('there are hundreds, and the parser sees what is active in them', () => {
  expect(payloads.length).toBeGreaterThan(300);
  // The others wait inside of an attribute, or for a parser that is less strict.
  expect(ELEMENTS.filter((payload) => active(payload).length > 0).length).toBeGreaterThan(ELEMENTS.length - 5);
});

it('bodies of comments and names of guests hold nothing active', async () => {
  for (const [n, payload] of payloads.entries()) {
    const name = payload.slice(0, 80).replace(/\s+/g, ' ').trim();
    const { data } = await gateway.ask<{
      addComment: { comment: { body: { html: string; text: string }; author: { name: string; url: string } } };
    }>(
      `mutation ($input: AddCommentInput!) { addComment(input: $input) { ... on AddCommentSuccess {
        comment { body { html text } author { name url } } } } }`,
      {
        input: {
          articleId: encodeId('Article', 1),
          body: payload,
          guest: { name, email: `guest-${n}@example.com`, url: `https://x.example/?${encodeURIComponent(payload)}` },
        },
      },
    );
    const { body, author } = data.addComment.comment;
    expect(active(body.html), payload).toEqual([]);
    expect(body.html, payload).not.toMatch(/<(img|iframe|figure)/);
    // A name is plain text, as it was given: whoever shows it as HTML escapes it.
    expect(author.name).toBe(name);
    expect(active(`<a href="${author.url}">`)).toEqual([]);
  }
});

it('bodies, captions and covers of articles hold nothing active', async () => {
  for (const [n, payload] of payloads.entries()) {
    const caption = payload.slice(0, 80).replace(/\s+/g, ' ').trim();
    const { data } = await writer.ask<{
      createArticle: { article: { body: { html: string }; cover: { url: string; caption: string } } };
    }>(
      `mutation ($input: CreateArticleInput!) { createArticle(input: $input) { ... on ArticleSuccess {
        article { body { html } cover { url caption } } } } }`,
      {
        input: {
          title: `Article ${n}`,
          markdown: payload,
          cover: { url: 'https://x.example/a.jpg', alt: 'x', caption },
        },
      },
    );
    const { body, cover } = data.createArticle.article;
    expect(active(body.html), payload).toEqual([]);
    expect(cover).toMatchObject({ url: 'https://x.example/a.jpg', caption });
  }
});

it('an address that is no picture is no cover', async () => {
  for (const url of [`javascript:${SCRIPT}`, 'data:text/html,x', `java\tscript:${SCRIPT}`]) {
    const { data } = await writer.ask<{ createArticle: { __typename: string } }>(
      'mutation ($input: CreateArticleInput!) { createArticle(input: $input) { __typename } }',
      { input: { title: 'x', markdown: 'x', cover: { url, alt: 'x' } } },
    );
    expect(data.createArticle.__typename).toBe('InvalidInputError');
  }
});

it('headlines of a search hold nothing active', async () => {
  let seen = 0;
  for (const word of ['zebra', 'quagga', 'okapi'])
    for (let after: string | null = null; ; ) {
      const answer: {
        data: { search: { edges: { headline: string }[]; pageInfo: { hasNextPage: boolean; endCursor: string } } };
      } = await gateway.ask(
        'query ($word: String!, $after: String) { search(query: $word, first: 100, after: $after) { edges { headline } pageInfo { hasNextPage endCursor } } }',
        { word, after },
      );
      const { edges, pageInfo } = answer.data.search;
      for (const { headline } of edges) expect(active(headline), headline).toEqual([]);
      expect(edges.some(({ headline }) => headline.includes('<mark>'))).toBe(true);
      seen += edges.length;
      if (!pageInfo.hasNextPage) break;
      after = pageInfo.endCursor;
    }
  expect(seen).toBeGreaterThan(900);
});

it('bios and imported texts hold nothing active', () => {
  for (const payload of payloads)
    for (const format of ['MARKDOWN', 'HTML'] as const)
      for (const place of ['bio', 'comment', 'article'] as const)
        expect(active(renderText(payload, format, place).html), `${place} ${format} ${payload}`).toEqual([]);
});
