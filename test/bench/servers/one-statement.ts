import pg from 'pg';
import { STATEMENTS } from '../limit/index.ts';
import type { OperationName } from '../operations/operation.ts';
import { listen, textOf } from './listen.ts';

// The answer is passed on as the bytes that PostgreSQL sent, without decoding them and encoding them again.
const UNREAD = { getTypeParser: () => (value: unknown) => value };

const pool = new pg.Pool({
  connectionString: process.env.DATABASE_URL,
  max: Number(process.env.POOL_SIZE),
  idleTimeoutMillis: 0,
  // As the gateway sets them.
  options: '-c plan_cache_mode=force_generic_plan -c jit=off -c timezone=UTC',
});

async function answer(body: string): Promise<Buffer> {
  const { operationName, variables } = JSON.parse(body) as {
    operationName: OperationName;
    variables: Record<string, unknown>;
  };
  const { text, values } = STATEMENTS[operationName];
  const config: pg.QueryArrayConfig & { binary: boolean } = {
    name: operationName,
    text,
    values: values(variables),
    rowMode: 'array',
    binary: true,
    types: UNREAD,
  };
  const { rows } = await pool.query<[Buffer]>(config);
  return rows[0]![0];
}

listen(async (request, response) => {
  try {
    const bytes = await answer(await textOf(request));
    response.writeHead(200, { 'content-type': 'application/json; charset=utf-8', 'content-length': bytes.length });
    response.end(bytes);
  } catch (error) {
    console.error(error);
    response.writeHead(500).end();
  }
});
