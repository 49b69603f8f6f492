import type { ServerResponse } from 'node:http';
import type { GraphQLError } from 'graphql';
import { type Feed, type FeedOptions, type FeedSubject, readFeed } from '../../../../schema/content/feed/feed.ts';
import { countSitemapParts, readSitemap } from '../../../../schema/content/feed/sitemap.ts';
import type { Admission, Overload, Share } from '../../admission.ts';
import { budgetRefusal, overloadRefusal } from '../../refusal.ts';
import { endResponse } from '../end-response.ts';
import { matchesTag, tagHash } from '../entity-tag.ts';
import { type Handler, sendText } from '../handler.ts';
import { JSON_TYPE } from '../media-types.ts';
import { sendRefusal } from '../result-response.ts';
import { atomText, jsonFeedText, sitemapIndexText, sitemapPieces } from './feed-text.ts';
import { ModificationTimes } from './modification-times.ts';

export interface FeedsOptions {
  /** The database for a request of an address, in whose turn its statements wait. */
  dbFor(address: string): FeedOptions['db'];
  admission: Admission;
  /** Takes points from the budget of an address. @returns an error when it is spent */
  charge(points: number, address: string, requestId: string): GraphQLError | null;
  /** The address of the site, with a slash at its end; null when it is not configured. */
  publicUrl: string | null;
  /** The address of the folder that has the stored pictures. */
  mediaUrl: string;
  /** The header of responses that are the same for all readers. */
  cacheControl: string;
}

interface Document {
  type: string;
  /** Its text, in order. */
  pieces: Iterable<string> | AsyncIterable<string>;
}

/** Answers the paths of feeds and of the sitemap. */
export interface Feeds {
  /** The handler of a path; null if it is not one of theirs. */
  handlerOf(path: string): Handler | null;
}

/** Points of a feed, and of a part of the sitemap: about what their time is for an operation. */
const FEED_COST = 200;
const SITEMAP_COST = 3_000;

export function createFeeds({ dbFor, admission, charge, publicUrl, mediaUrl, cacheControl }: FeedsOptions): Feeds {
  const times = new ModificationTimes();
  return {
    handlerOf(path) {
      const read = readerOf(path);
      if (read === null) return null;
      const cost = path.startsWith('/sitemap') ? SITEMAP_COST : FEED_COST;
      return async (request, response, requestId) => {
        if (request.method !== 'GET' && request.method !== 'HEAD') {
          response.setHeader('allow', 'GET, HEAD');
          return sendText(response, 405, 'Send a GET.');
        }
        if (publicUrl === null) return sendText(response, 404, 'There are no feeds: PUBLIC_URL is not configured.');
        const address = admission.addressOf(request);
        const share = admission.begin(address);
        if (typeof share === 'string') return sendRefusal(response, JSON_TYPE, overloadRefusal(share));
        response.once('close', () => share.release());
        const error = charge(cost, address, requestId);
        if (error) return sendRefusal(response, JSON_TYPE, budgetRefusal(error));
        const document = await read({ db: dbFor(address), publicUrl, mediaUrl });
        if (document === null) return sendText(response, 404, 'There is no such feed.');
        const body = await collect(document, share);
        // The client disconnected meanwhile.
        if (response.destroyed) return;
        if (typeof body === 'string') return sendRefusal(response, JSON_TYPE, overloadRefusal(body));
        send(response, body, { type: document.type, cacheControl, path, times });
      };
    },
  };
}

type ReadDocument = (options: FeedOptions) => Promise<Document | null>;

const SUBJECTS: readonly [pattern: RegExp, subjectOf: (slug: string) => FeedSubject][] = [
  [/^\/feed\.(xml|json)$/, () => ({ kind: 'articles' })],
  [/^\/comments\/feed\.(xml|json)$/, () => ({ kind: 'comments' })],
  [/^\/topics\/([^/]{1,400})\/feed\.(xml|json)$/, (slug) => ({ kind: 'topic', slug })],
  [/^\/authors\/([^/]{1,400})\/feed\.(xml|json)$/, (slug) => ({ kind: 'author', slug })],
  [/^\/articles\/([^/]{1,400})\/comments\/feed\.(xml|json)$/, (slug) => ({ kind: 'article-comments', slug })],
];

function readerOf(path: string): ReadDocument | null {
  const part = /^\/sitemap(?:-([1-9]\d{0,3}))?\.xml$/.exec(path);
  if (part) return (options) => readSitemapPart(options, part[1] === undefined ? null : Number(part[1]));
  for (const [pattern, subjectOf] of SUBJECTS) {
    const found = pattern.exec(path);
    if (!found) continue;
    const slug = decoded(found[1]!);
    return async (options) => {
      const feed = await readFeed(options, subjectOf(slug));
      return (
        feed &&
        feedDocument(feed, { self: new URL(path.slice(1), options.publicUrl).href, isJson: path.endsWith('.json') })
      );
    };
  }
  return null;
}

function feedDocument(feed: Feed, { self, isJson }: { self: string; isJson: boolean }): Document {
  return {
    type: isJson ? 'application/feed+json; charset=utf-8' : 'application/atom+xml; charset=utf-8',
    pieces: [isJson ? jsonFeedText(feed, self) : atomText(feed, self)],
  };
}

/** @param part null for the whole sitemap, which is a list of its parts when it has several */
async function readSitemapPart(options: FeedOptions, part: number | null): Promise<Document | null> {
  const type = 'application/xml; charset=utf-8';
  if (part === null) {
    const count = await countSitemapParts(options);
    if (count > 1) {
      const parts = Array.from({ length: count }, (_, index) => `${options.publicUrl}sitemap-${index + 1}.xml`);
      return { type, pieces: [sitemapIndexText(parts)] };
    }
  }
  const batches = await readSitemap(options, part ?? 1);
  return part !== null && batches === null ? null : { type, pieces: sitemapPieces(batches ?? []) };
}

/** All pieces of a document, which the share holds from now on; or whose limit that would exceed. */
async function collect({ pieces }: Document, share: Share): Promise<Buffer[] | Overload> {
  const body: Buffer[] = [];
  for await (const piece of pieces) {
    const bytes = Buffer.from(piece);
    const overload = share.hold(bytes.length);
    if (overload) return overload;
    body.push(bytes);
  }
  return body;
}

interface Sending {
  type: string;
  cacheControl: string;
  path: string;
  times: ModificationTimes;
}

function send(response: ServerResponse, body: readonly Buffer[], { type, cacheControl, path, times }: Sending): void {
  const etag = `"${tagHash(...body)}"`;
  const modified = times.of(path, etag)?.toUTCString();
  const headers = {
    etag,
    'cache-control': cacheControl,
    'access-control-allow-origin': '*',
    'access-control-expose-headers': 'etag',
    // Texts of visitors are in it: it is not a page.
    'content-security-policy': "default-src 'none'",
    ...(modified === undefined ? {} : { 'last-modified': modified }),
  };
  const { 'if-none-match': known, 'if-modified-since': since } = response.req.headers;
  // RFC 9110, 13.1.3: a time counts only where no tag is sent. No other time than this one: clocks of gateways and clients differ.
  const isKnown = known === undefined ? since !== undefined && since === modified : matchesTag(etag, known);
  if (isKnown) return void response.writeHead(304, headers).end();
  endResponse(response, { status: 200, headers: { ...headers, 'content-type': type }, body });
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
