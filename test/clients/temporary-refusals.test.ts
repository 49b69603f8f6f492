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
