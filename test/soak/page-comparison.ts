import { readConfig } from '../../src/config.ts';
import { createLogger } from '../../src/logger.ts';
import { start } from '../../src/start.ts';
import { Browser, readByPost } from '../chaos/fresh-browser.ts';
import type { WalkBoard } from '../chaos/walk-writers.ts';
import { JWT_SECRET } from '../gateway.ts';
import type { Site } from './site.ts';
import { articlePage, FRONT_PAGE } from './visitors.ts';

/** Compares what the gateways have kept with what one that keeps nothing answers. @throws for the first difference */
export async function comparePages({ nodes, postgres }: Site, boards: readonly WalkBoard[]): Promise<void> {
  const config = readConfig({
    ...{ PORT: '0', DATABASE_URL: postgres.url, LOG_LEVEL: 'silent', JWT_SECRET, RATE_LIMITS: 'off', CACHE_SIZE: '0' },
    PUBLIC_URL: 'https://blog.example/',
  });
  const uncached = await start({ config, log: createLogger({ level: 'silent' }) });
  try {
    for (const query of [FRONT_PAGE, ...boards.map(({ slug }) => articlePage(slug))]) {
      const expected = await readByPost(uncached.url, query);
      for (const { url } of nodes) {
        const answer = await new Browser().read(url, query);
        if (answer !== expected) throw new Error(`It is\n${answer}\ninstead of\n${expected}`);
      }
    }
  } finally {
    await uncached.stop();
  }
}
