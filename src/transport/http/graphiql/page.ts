import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { createGunzip, gzip } from 'node:zlib';
import { acceptedCoding } from '../accepted-coding.ts';
import { matchesTag, tagHash } from '../entity-tag.ts';
import { type Handler, sendText } from '../handler.ts';
import { type ExampleArticle, exampleTabs } from './examples.ts';
import { PAGE_SCRIPT, PAGE_STYLE } from './page-script.ts';

/** The page contains all that it needs, and connects only to the gateway that served it. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
  "connect-src 'self'",
  'font-src data:',
  "img-src 'self' data:",
  "script-src 'unsafe-inline' blob:",
  "style-src 'unsafe-inline'",
  'worker-src blob:',
].join('; ');

/** A newspaper page with a headline and two columns, one of them unfinished. */
const LOGO = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" width="28" height="28">
<rect x="3" y="2" width="26" height="28" rx="2" fill="#fbf8f1" stroke="#1d2733" stroke-width="2"/>
<path d="M7 8h18" stroke="#1d2733" stroke-width="3"/>
<path d="M7 14h8M7 18h8M7 22h8M7 26h8M18 14h7" stroke="#1d2733" stroke-width="1.6"/>
<path d="M18 18h4" stroke="#c8321f" stroke-width="1.6"/><circle cx="24" cy="25" r="2.4" fill="#c8321f"/></svg>`;

/** Stands in for an article in the examples while none is published. */
const NO_ARTICLE: ExampleArticle = {
  id: 'id-of-an-article',
  slug: 'slug-of-an-article',
  title: 'words',
  liveCursor: 'cursor-of-its-log',
};

interface Page {
  /** In gzip. */
  body: Buffer;
  /** Bytes of the page when it is not compressed. */
  length: number;
  hash: string;
}

/**
 * Serves the page for people with a browser. It contains all of GraphiQL, 9 MB, so it is compressed once, at the first
 * request, and browsers keep it as long as its tag is the same.
 * @param findExample the article of the examples, looked for at each request until there is one; may fail
 */
export function createGraphiQL(findExample: () => Promise<ExampleArticle | null>): Handler {
  let example: ExampleArticle | null = null;
  let pageWithoutArticle: Promise<Page> | undefined;
  let page: Promise<Page> | undefined;

  async function currentPage(): Promise<Page> {
    example ??= await findExample().catch(() => null);
    if (example === null) {
      pageWithoutArticle ??= makePage(NO_ARTICLE);
      return pageWithoutArticle;
    }
    page ??= makePage(example);
    return page;
  }

  return async (request, response) => {
    const { body, length, hash } = await currentPage();
    response.appendHeader('vary', 'accept, accept-encoding');
    const coding = acceptedCoding(request.headers['accept-encoding'] as string | undefined, ['gzip']);
    if (coding === null) return sendText(response, 406, 'The page is sent in gzip, or without compression.');
    // Each coding is a representation of its own, with its own tag.
    const etag = `"${hash}-${coding}"`;
    response.setHeader('etag', etag);
    response.setHeader('cache-control', 'no-cache');
    response.setHeader('content-security-policy', CONTENT_SECURITY_POLICY);
    if (matchesTag(etag, request.headers['if-none-match'])) {
      response.writeHead(304).end();
      return;
    }
    const type = 'text/html; charset=utf-8';
    if (coding === 'gzip')
      response.writeHead(200, { 'content-type': type, 'content-encoding': coding, 'content-length': body.length });
    else response.writeHead(200, { 'content-type': type, 'content-length': length });
    if (request.method === 'HEAD') response.end();
    else if (coding === 'gzip') response.end(body);
    else await pipeline(Readable.from([body]), createGunzip(), response).catch(() => response.destroy());
  };
}

/** How GraphiQL keeps a dragged tab within the bar, in its minified form. */
const TAB_CONSTRAINTS = /dragConstraints:\w+,(?=value:)/;

/** GraphiQL's plugin of the history, and where its plugins and further options are, in their minified form. */
const HISTORY = /const (\w+)=\{title:"History"/;
const PLUGINS = /plugins:\[(\w+)\],schemaDescription/;
const OPTIONS = /\.\.\.(\w+),fetcher:(\w+),children/;

/** How GraphiQL delays what it does about a text that is being written, in its minified form. */
const DEBOUNCE =
  /(function \w+\((\w+),(\w+)\)\{)let (\w+);return function\(\.\.\.(\w+)\)\{\4&&clearTimeout\(\4\),\4=setTimeout\(\(\)=>\{\4=null,\3\(\.\.\.\5\)\},\2\)\}\}/;

/** Adds the history, and what `page-script.ts` has. render-graphiql takes only options that are JSON. */
function extend(page: string): string {
  const history = HISTORY.exec(page)?.[1];
  return page
    .replace(PLUGINS, (_, explorer) => `plugins:[${explorer},${history},...broadsheet.plugins],schemaDescription`)
    .replace(
      OPTIONS,
      (_, rest, fetcher) => `...${rest},...broadsheet.options,fetcher:broadsheet.wrap(${fetcher}),children`,
    )
    .replace(DEBOUNCE, (_, head, wait, act) => `${head}return broadsheet.debounce(${wait},${act})}`)
    .replace('</head>', () => `<style>${PAGE_STYLE}</style></head>`)
    .replace(
      '<head>',
      () => `<head><meta name="viewport" content="width=device-width, initial-scale=1"><script>${PAGE_SCRIPT}</script>`,
    );
}

async function makePage(example: ExampleArticle): Promise<Page> {
  // Takes 47 MB of memory, which a gateway that nobody opens in a browser does not need.
  const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql');
  const page = renderGraphiQL({
    title: 'Broadsheet',
    logo: LOGO,
    favicon: `data:image/svg+xml;base64,${Buffer.from(LOGO).toString('base64')}`,
    defaultTabs: exampleTabs(example),
    // Over WebSocket, GraphiQL would not send the headers.
    subscriptionsProtocol: 'SSE',
    method: 'POST',
  });
  // Whenever the tab bar changes its width, as it does when the fonts have loaded, the constraints move each tab away
  // from under the next press of the mouse, which then opens nothing (seen in render-graphiql 5.24.1).
  const html = extend(page.replace(TAB_CONSTRAINTS, ''));
  return { body: await promisify(gzip)(html, { level: 9 }), length: Buffer.byteLength(html), hash: tagHash(html) };
}
