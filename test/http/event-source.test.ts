import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeId } from '../../schema/content/ids.ts';
import { startGateway, type TestGateway, until } from '../gateway.ts';
import { write } from '../seed.ts';
import { addComment, EVENT_STREAM, type HttpResponse, openStream, send } from './requests.ts';

const ARTICLE = encodeId('Article', 1);
const OTHER = encodeId('Article', 2);
const WITHDRAWN = encodeId('Article', 3);
/** Neither an alias nor a missing `cursor` hides the cursors from the stream. */
const EVENTS = `subscription ($id: ID!, $after: EventCursor) {
  e: commentEvents(articleId: $id, after: $after) { __typename ... on CommentAdded { comment { body { text } } } } }`;
const CURSOR = 'query ($id: ID!) { node(id: $id) { ... on Article { liveCursor } } }';
const HEARTBEAT_INTERVAL = 50;

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startGateway(
    (sql) =>
      write(sql, {
        authors: [{ id: 1 }],
        articles: [{ id: 1 }, { id: 2 }, { id: 3, status: 'ARCHIVED', at: 1 }, { id: 4, status: 'DRAFT' }],
      }),
    {},
    { heartbeatInterval: HEARTBEAT_INTERVAL },
  );
});

afterAll(() => gateway.stop());

interface StreamEvent {
  id?: string;
  event?: string;
  data?: string;
}

/** The events of a stream that has not necessarily ended. */
function eventsOf(text: string): StreamEvent[] {
  const blocks = text.split('\n\n').slice(0, -1);
  const read = blocks.map((block) =>
    Object.fromEntries(block.split('\n').flatMap((line) => (line.startsWith(':') ? [] : [line.split(/: ?(.*)/s)]))),
  );
  return read.filter(({ event }) => event !== undefined) as StreamEvent[];
}

/** An event as its type, with the text of its comment. */
function summary({ data }: StreamEvent): string {
  const { __typename, comment } = JSON.parse(data!).data.e;
  return comment ? `${__typename} ${comment.body.text}` : __typename;
}

async function follow(variables: Record<string, unknown>, lastEventId?: string, method: 'GET' | 'POST' = 'GET') {
  const headers: Record<string, string> = lastEventId === undefined ? {} : { 'last-event-id': lastEventId };
  const stream = await openStream(gateway, { query: EVENTS, variables }, { method, headers });
  return {
    ...stream,
    async arrived(count: number): Promise<StreamEvent[]> {
      await until(`${count} events arrive`, () => eventsOf(stream.text()).length >= count);
      return eventsOf(stream.text());
    },
  };
}

async function liveCursor(id = ARTICLE): Promise<string> {
  const { data } = await gateway.ask<{ node: { liveCursor: string } }>(CURSOR, { id });
  return data.node.liveCursor;
}

/** The response to a request as EventSource sends it. */
function get(params: Record<string, string>, headers: Record<string, string> = {}): Promise<HttpResponse> {
  return send(gateway, `/graphql?${new URLSearchParams(params)}`, { headers: { accept: EVENT_STREAM, ...headers } });
}

describe('an event stream', () => {
  it('has the cursor of each event as its id, whatever the document selects', async () => {
    const stream = await follow({ id: ARTICLE });
    const ids = [(await stream.arrived(1))[0]!.id];
    expect(ids[0]).toBe(await liveCursor());
    for (let i = 1; i <= 3; i++) {
      await addComment(gateway, `Comment ${i}`);
      ids.push((await stream.arrived(i + 1))[i]!.id);
      expect(ids[i]).toBe(await liveCursor());
    }
    stream.close();
  });

  it('over POST has comments, and events that begin with their type and data, as clients of Hot Chocolate read them', async () => {
    const live = await follow({ id: ARTICLE }, undefined, 'POST');
    await live.arrived(1);
    live.close();
    const refused = await follow({ id: WITHDRAWN }, undefined, 'POST');
    await refused.arrived(2);
    for (const block of [live, refused].flatMap(({ text }) => text().split('\n\n').slice(0, -1)))
      expect(block).toMatch(/^(:$|event: next\ndata: |event: complete\ndata:\n)/);
  });

  it('has no ids where nothing can be resumed', async () => {
    const query = 'subscription ($id: ID!) { commentAdded(articleId: $id) { id } }';
    const stream = await openStream(gateway, { query, variables: { id: ARTICLE } }, { method: 'GET' });
    await until('a comment arrives', async () => {
      await addComment(gateway, 'Again');
      return eventsOf(stream.text()).length > 0;
    });
    expect(eventsOf(stream.text())[0]).not.toHaveProperty('id');
    stream.close();
  });

  it.each(['GET', 'POST'] as const)(
    'over %s resumes after Last-Event-ID, not after the cursor of its operation',
    async (method) => {
      const first = await liveCursor();
      await addComment(gateway, 'One');
      const second = await liveCursor();
      await addComment(gateway, 'Two');
      for (const after of [first, await liveCursor(), 'nonsense', undefined]) {
        const stream = await follow({ id: ARTICLE, after }, second, method);
        expect((await stream.arrived(2)).map(summary)).toEqual(['CommentAdded Two', 'CaughtUp']);
        stream.close();
      }
      const stream = await follow({ id: ARTICLE, after: first });
      expect((await stream.arrived(3)).map(summary)).toEqual(['CommentAdded One', 'CommentAdded Two', 'CaughtUp']);
      stream.close();
    },
  );

  it('resumes after Last-Event-ID also when the cursor is written into the document', async () => {
    const first = await liveCursor();
    await addComment(gateway, 'Three');
    const query = `subscription { e: commentEvents(articleId: "${ARTICLE}", after: "${first}") { __typename } }`;
    const headers = { 'last-event-id': await liveCursor() };
    const stream = await openStream(gateway, { query }, { method: 'GET', headers });
    await until('it has caught up', () => eventsOf(stream.text()).length > 0);
    expect(eventsOf(stream.text()).map(summary)).toEqual(['CaughtUp']);
    stream.close();
  });

  it('refuses a Last-Event-ID that is no id of an event, and one of another log gets ResyncRequired with a cursor', async () => {
    const params = { query: EVENTS, variables: JSON.stringify({ id: ARTICLE }) };
    const valid = await liveCursor();
    for (const id of ['x', `${valid}x`, valid.slice(1), '-1', 'é', `${valid}, ${valid}`]) {
      const { status, json } = await get(params, { 'last-event-id': id });
      expect([status, json.errors![0]!.extensions!.code], id).toEqual([400, 'BAD_USER_INPUT']);
    }
    const foreign = await follow({ id: ARTICLE }, await liveCursor(OTHER));
    const events = await foreign.arrived(2);
    expect(events.map(summary)).toEqual(['ResyncRequired', 'CaughtUp']);
    expect(events[0]!.id).toBe(await liveCursor());
    foreign.close();
  });

  it('ends for good with an id, to which the next request is answered with 204', async () => {
    const endings: Record<string, string>[] = [
      { query: '{ __typename }' },
      { query: 'subscription { nothing }' },
      { query: EVENTS, variables: JSON.stringify({ id: 'x' }) },
      // Nothing shows that the draft exists.
      { query: EVENTS, variables: JSON.stringify({ id: encodeId('Article', 4) }) },
      { query: EVENTS, variables: JSON.stringify({ id: encodeId('Article', 99) }) },
    ];
    for (const params of endings) {
      const ended = await get(params);
      const events = eventsOf(ended.body.toString());
      expect(
        events.map(({ event }) => event),
        params.query,
      ).toEqual(['next', 'complete']);
      const again = await get(params, { 'last-event-id': events[1]!.id! });
      expect([again.status, again.body.length]).toEqual([204, 0]);
    }
  });

  it('of a withdrawn article ends so that EventSource tries again, later', async () => {
    const { body } = await get({ query: EVENTS, variables: JSON.stringify({ id: WITHDRAWN }) });
    const [next, complete] = eventsOf(body.toString()) as [StreamEvent, StreamEvent & { retry: string }];
    expect(JSON.parse(next.data!).errors[0].extensions).toEqual({
      code: 'NOT_FOUND',
      retryable: true,
      retryAfterSeconds: 5,
    });
    expect(complete).toMatchObject({ event: 'complete', data: '' });
    expect(complete.id).toBeUndefined();
    expect(Number(complete.retry)).toBeGreaterThanOrEqual(5_000);
  });

  it('lets EventSource wait a random time before it connects again', async () => {
    const query = '{ __typename }';
    const times = new Set<number>();
    for (let i = 0; i < 5; i++) times.add(Number(/^retry: (\d+)$/m.exec((await get({ query })).body.toString())![1]));
    expect(times.size).toBeGreaterThan(1);
    for (const time of times) expect(time >= 1_000 && time <= 2_000).toBe(true);
  });

  it('has heartbeats as comments, and as events for a client that asks for them', async () => {
    const variables = JSON.stringify({ id: ARTICLE });
    for (const [extensions, heartbeat] of [
      ['{}', ':\n\n:\n\n'],
      ['{"heartbeats":true}', 'event: heartbeat\ndata:\n\nevent: heartbeat\ndata:\n\n'],
    ] as const) {
      const path = `/graphql?${new URLSearchParams({ query: EVENTS, variables, extensions })}`;
      const abort = new AbortController();
      const response = await fetch(new URL(path, gateway.url), {
        headers: { accept: EVENT_STREAM },
        signal: abort.signal,
      });
      let text = '';
      for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
        text += chunk;
        if (text.endsWith(heartbeat)) break;
      }
      abort.abort();
      expect(text.includes('heartbeat')).toBe(heartbeat.includes('heartbeat'));
    }
  });

  it('over GET finds its document by a hash', async () => {
    const sha256Hash = (await import('node:crypto')).createHash('sha256').update(EVENTS).digest('hex');
    const extensions = JSON.stringify({ persistedQuery: { version: 1, sha256Hash } });
    const register = await gateway.post({
      query: EVENTS,
      extensions: JSON.parse(extensions),
      variables: { id: ARTICLE },
    });
    expect(register.status).toBe(406);
    const variables = JSON.stringify({ id: 'x' });
    const { body } = await get({ extensions, variables });
    expect(body.toString()).toContain('NOT_FOUND');
    expect(body.toString()).not.toContain('PERSISTED_QUERY_NOT_FOUND');
  });
});
