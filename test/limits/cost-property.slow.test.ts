import { isObjectType } from 'graphql';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { schema } from '../../schema/index.ts';
import { isSoak } from '../chaos/size.ts';
import { NO_COST_LIMIT, startGateway, type TestGateway, until } from '../gateway.ts';
import { randomQuery } from '../random-queries.ts';
import { write } from '../seed.ts';

/** Generated queries: each with its number as seed, so that a failure can be repeated. */
const QUERIES = isSoak ? 10_000 : 100;

/** More rows than a page has. */
const ROWS = 120;

let gateway: TestGateway;

beforeAll(async () => {
  const ids = Array.from({ length: ROWS }, (_, i) => i + 1);
  gateway = await startGateway(
    (sql) =>
      write(sql, {
        authors: ids.map((id) => ({ id })),
        topics: ids.map((id) => ({ id, ...(id > 1 && { parent: id - 1 }) })),
        // The last topic has an article, so that all above it are public. Most articles have the first author and the first topics, so that lists within lists are full, too.
        articles: ids.map((id) => ({ id, author: 1 + (id % 3), topics: [1, 2, 3, 4, 5, ...(id === 1 ? [ROWS] : [])] })),
        comments: Array.from({ length: 5 * ROWS }, (_, i) => ({
          id: i + 1,
          article: i < ROWS ? 1 : 2 + (i % (ROWS - 1)),
          ...(i > 0 && i < ROWS && { parent: 1 + (i >> 2) }),
        })),
      }),
    NO_COST_LIMIT,
  );
});

afterAll(() => gateway.stop());

/** Types whose objects are rows. */
const ROW_TYPES = new Set(
  Object.values(schema.getTypeMap())
    .filter((type) => isObjectType(type) && type.getInterfaces().some(({ name }) => name === 'Node'))
    .map(({ name }) => name),
);

/**
 * The least that an answer costs, in tenths of a point: ten for a row, one for each other object and value. The rows of a
 * page and those of a thread are read once, under however many aliases the answer has them.
 * @param parent the type of the object around it
 */
function tenthsOf(value: unknown, parent = ''): number {
  if (Array.isArray(value)) return value.reduce<number>((sum, item) => sum + tenthsOf(item, parent), 0);
  if (value === null || typeof value !== 'object') return 1;
  const object = value as Record<string, unknown>;
  const type = String(object.__typename);
  const values = Object.values(object);
  const own = ROW_TYPES.has(type) && !/(Connection|Edge|ThreadRow)$/.test(parent) ? 10 : 1;
  const page = /(Connection|Thread)$/.test(type)
    ? Math.max(0, ...values.map((list) => (Array.isArray(list) ? list.length : 0)))
    : 0;
  // The name of the type costs half of what another value costs.
  const start = own + 10 * page - ('__typename' in object ? 0.5 : 0);
  return values.reduce<number>((sum, item) => sum + tenthsOf(item, type), start);
}

/** Whether the gateway's connections execute nothing. */
async function isIdle(): Promise<boolean> {
  const { rows } = await gateway.sql.query(
    `SELECT FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'`,
  );
  return rows.length === 0;
}

interface Answer {
  data?: unknown;
  errors?: { message: string; extensions: { code?: string } }[];
  extensions?: { cost: { requested: number } };
}

it('the cost of a generated query is at least what its answer has and the number of its statements', async () => {
  const faults: string[] = [];
  let atLeastAThird = 0;
  // Fields of a query that failed may still be read after its response.
  let before: 'failed' | 'answered' = 'answered';
  for (let seed = 1; seed <= QUERIES; seed++) {
    let answer: Answer = {};
    const sent = await gateway.statementsDuring(async () => {
      const { body } = await gateway.post({ ...randomQuery(seed), extensions: { cost: true } });
      answer = JSON.parse(body) as Answer;
    });
    const statements = sent.filter((text) => !/^(BEGIN|COMMIT|ROLLBACK)/.test(text)).length;
    const cost = answer.extensions?.cost.requested;
    // The root object is not a field.
    const actual = answer.data ? (tenthsOf(answer.data) - 1) / 10 : 0;
    const unexpected = answer.errors?.find(({ extensions }) => extensions.code !== 'BAD_USER_INPUT');
    if (unexpected) faults.push(`${seed}: ${unexpected.extensions.code}: ${unexpected.message}`);
    else if (cost === undefined) faults.push(`${seed}: no cost`);
    else if (cost < actual) faults.push(`${seed}: costs ${cost}, but the answer has ${actual}`);
    else if (before !== 'failed' && cost < statements)
      faults.push(`${seed}: costs ${cost}, but takes ${statements} statements`);
    else if (actual > cost / 3) atLeastAThird += 1;
    before = answer.errors ? 'failed' : 'answered';
    if (answer.errors) await until('no statement of it runs', isIdle);
  }
  expect(faults).toEqual([]);
  // Otherwise the queries ask for what is not there, and prove little.
  expect(atLeastAThird).toBeGreaterThan(QUERIES / 20);
}, 3_600_000);
