import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ExecutionResult, FormattedExecutionResult } from 'graphql';
import { type Client, type ClientOptions, createClient } from 'graphql-ws';

type Errors = readonly { extensions?: Record<string, unknown> | undefined }[];

interface Sink<Data> {
  next(result: FormattedExecutionResult<Data, unknown> | ExecutionResult<Data, unknown>): void;
  /** The subscription goes on later. */
  interrupted?(errors: Errors): void;
  error(error: unknown): void;
  complete(): void;
}

interface Request {
  query: string;
  variables: Record<string, unknown>;
}

interface Connection {
  backoff(attempt: number): number;
  retryDelay(errors: Errors, attempt: number): number | null;
  keepReading<Data>(read: () => PromiseLike<{ data?: Data | null | undefined }>): Promise<Data>;
  watchedFetch: typeof fetch;
  createSocket(options: ClientOptions): Client;
  /** @param client of graphql-ws or graphql-sse */
  keepSubscribed<Data>(client: { subscribe: unknown }, request: Request, sink: Sink<Data>): () => void;
}

/** The constants of the guide with the values of the tests. */
const SHORTENED = { SECOND: 10, SILENCE: 1_500, LONGEST_WAIT: 40 };

/** The file that the recipes of the clients' guide share, with shorter times. */
export const connection = readConnection();

function readConnection(): Connection {
  const guide = readFileSync(join(import.meta.dirname, '../../src/transport/CLIENTS.md'), 'utf8');
  let [, code] = /```js\n\/\/ connection\.js\n(.*?)```/s.exec(guide) as unknown as [string, string];
  for (const [name, value] of Object.entries(SHORTENED)) {
    const definition = new RegExp(`^const ${name} = .*?;`, 'm');
    if (!definition.test(code)) throw new Error(`The guide does not define ${name}.`);
    code = code.replace(definition, `const ${name} = ${value};`);
  }
  const names = [...code.matchAll(/^export (?:const|function|async function) (\w+)/gm)].map(([, name]) => name);
  const body = code.replace(/^import .*$/gm, '').replace(/^export /gm, '');
  return new Function('createClient', `${body}\nreturn { ${names.join(', ')} };`)(createClient) as Connection;
}
