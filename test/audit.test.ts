import { serverAudits } from 'graphql-http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startGateway, type TestGateway } from './gateway.ts';

// The address is known only once the gateway has started, after the tests have got their names.
const ANYWHERE = 'http://gateway.invalid/graphql';

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startGateway();
});

afterAll(() => gateway.stop());

describe('GraphQL over HTTP, by the audits of graphql-http', () => {
  const audits = serverAudits({
    url: ANYWHERE,
    fetchFn: (url: string, init: RequestInit) => fetch(url.replace(ANYWHERE, gateway.url), init),
  });

  it('has all of its audits here', () => {
    expect(audits).toHaveLength(61);
  });

  // What should be, and what may be, is asked of it as strictly as what must be.
  it.each(audits.map(({ id, name, fn }) => [id, name, fn] as const))('%s %s', async (_id, _name, audit) => {
    const result = await audit();
    expect(result.status, 'reason' in result ? result.reason : '').toBe('ok');
  });
});
