import { GraphQLError } from 'graphql';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { KeysUnavailableError } from '../../src/auth/errors.ts';
import { OverloadedError } from '../../src/database/index.ts';
import { createErrorMask } from '../../src/execution/error-mask.ts';
import { publicErrors } from '../../src/execution/result-json.ts';
import { createLogger } from '../../src/logger.ts';
import { startGateway } from '../gateway.ts';
import { COMMENT_ADDED, EVENT_STREAM, openStream, post } from '../http/requests.ts';
import { ARTICLE } from '../protocol/socket.ts';
import { write } from '../seed.ts';
import { connection } from './connection.ts';

describe('a subscription that is refused for a time', () => {
  afterEach(() => void vi.useRealTimers());

  it('is retried by the recipes when the address has too many streams', async () => {
    const gateway = await startGateway((sql) => write(sql, { authors: [{ id: 1 }], articles: [{ id: 1 }] }), {
      CONNECTIONS_PER_ADDRESS: '1',
    });
    const operation = { query: COMMENT_ADDED, variables: { id: ARTICLE } };
    const stream = await openStream(gateway, operation, { method: 'GET' });
    const { status, json } = await post(gateway, operation, { accept: EVENT_STREAM });
    expect(status).toBe(429);
    expect(connection.retryDelay(json.errors!, 0)).toBeGreaterThan(0);
    stream.close();
    await gateway.stop();
  });

  it.each([
    ['the database cannot be reached', Object.assign(new Error('refused'), { code: 'ECONNREFUSED' })],
    ['too many wait for it', new OverloadedError()],
    ['tokens cannot be verified', new KeysUnavailableError()],
  ])('is retried by the recipes when %s', (_, error) => {
    const errors = publicErrors([createErrorMask(createLogger({ level: 'silent' }))(error)]);
    expect(errors[0]!.extensions!.code).toBe('SERVICE_UNAVAILABLE');
    expect(connection.retryDelay(errors, 0)).toBeGreaterThan(0);
  });

  it('before its execution is retried by keepSubscribed, and ends with the errors that do not pass', () => {
    vi.useFakeTimers();
    const refused: unknown[] = [];
    const failed: unknown[] = [];
    let refusals: GraphQLError[];
    const client = {
      subscribe(_: unknown, { error }: { error(errors: unknown): void }) {
        refused.push(refusals);
        error(refusals);
        return () => undefined;
      },
    };
    const sink = { next: () => undefined, error: (error: unknown) => failed.push(error), complete: () => undefined };
    refusals = [new GraphQLError('Busy', { extensions: { code: 'SERVICE_UNAVAILABLE', retryAfterSeconds: 1 } })];
    connection.keepSubscribed(client, { query: '', variables: {} }, sink);
    expect([refused.length, failed.length]).toEqual([1, 0]);
    refusals = [new GraphQLError('Wrong', { extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } })];
    vi.advanceTimersByTime(60_000);
    expect(refused).toHaveLength(2);
    expect(failed).toEqual([refusals]);
  });
});

describe('a reading that is refused', () => {
  const busy = new GraphQLError('Busy', { extensions: { code: 'SERVICE_UNAVAILABLE', retryAfterSeconds: 0.001 } });
  const wrong = new GraphQLError('Wrong', { extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } });

  it('is repeated by keepReading for errors that pass, however the client reports them', async () => {
    const answers = [
      () => Promise.reject(new TypeError('fetch failed')),
      () => Promise.reject([busy]), // graphql-ws
      () => Promise.reject(Object.assign(new Error(busy.message), { errors: [busy] })), // Apollo Client
      () => Promise.reject(Object.assign(new Error(busy.message), { source: { errors: [busy] } })), // Relay
      () => Promise.resolve({ data: { node: null }, error: Object.assign(new Error(), { graphQLErrors: [busy] }) }), // urql
      () => Promise.resolve({ data: { node: null }, errors: [busy] }),
      () => Promise.resolve({ data: { node: { id: ARTICLE } } }),
    ];
    expect(await connection.keepReading<object>(() => answers.shift()!())).toEqual({ node: { id: ARTICLE } });
    expect(answers).toEqual([]);
  });

  it('fails at once with errors that do not pass', async () => {
    let readings = 0;
    const read = () => {
      readings += 1;
      return Promise.resolve({ data: null, errors: [wrong] });
    };
    await expect(connection.keepReading(read)).rejects.toEqual([wrong]);
    expect(readings).toBe(1);
  });
});
