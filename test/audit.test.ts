import { serverAudits } from 'graphql-http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startGateway, type TestGateway } from './gateway.ts';

// The URL is known only once the gateway has started, after the tests have their names.
const PLACEHOLDER = 'http://gateway.invalid/graphql';

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startGateway();
});

afterAll(() => gateway.stop());

describe('GraphQL over HTTP passes the audits of graphql-http', () => {
  const audits = serverAudits({
    url: PLACEHOLDER,
    fetchFn: (url: string, init: RequestInit) => fetch(url.replace(PLACEHOLDER, gateway.url), init),
  });

  it('of which there are 61', () => {
    expect(audits).toHaveLength(61);
  });

  // SHOULD and MAY are checked as strictly as MUST.
  it.each(audits.map(({ id, name, fn }) => [id, name, fn] as const))('%s %s', async (_id, _name, audit) => {
    const result = await audit();
    expect(result.status, 'reason' in result ? result.reason : '').toBe('ok');
  });
});
