import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe } from 'vitest';
import { connection } from './connection.ts';
import { DISCUSSION, type DiscussionResult, type EventResult, type Page } from './discussion.ts';
import { type Client, describePromises } from './promises.ts';

const hasTools = ['bash', 'curl', 'jq'].every((tool) => spawnSync(tool, ['--version']).status === 0);
if (!hasTools) console.warn('bash, curl or jq is missing, so the recipe of curl is not tested.');

interface Line {
  data?: EventResult;
  errors?: { extensions: { retryAfterSeconds?: number } }[];
}

/** The recipe of the guide for a gateway and an article, with shorter times. */
function recipe(url: string, id: string): string {
  const guide = readFileSync(join(import.meta.dirname, '../../src/transport/CLIENTS.md'), 'utf8');
  const [, script] = /### curl\n\n```sh\n(.*?)```/s.exec(guide)!;
  const first = /^url=.*$/m;
  const sleep = /sleep ".*"/;
  if (!first.test(script!) || !sleep.test(script!)) throw new Error('The recipe has changed.');
  return script!.replace(first, `url=${url} id=${id} silence=2 longest=1`).replace(sleep, 'sleep 0.05');
}

function connect(url: string): Client {
  const scripts = new Set<ChildProcess>();

  async function execute<Data>(query: string, variables: Record<string, unknown>): Promise<Data> {
    const body = JSON.stringify({ query, variables });
    const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    const { data, errors } = (await response.json()) as { data: Data; errors?: { message: string }[] };
    if (errors) throw new Error(errors[0]!.message);
    return data;
  }

  /** Ends a script together with its curl. */
  function end(script: ChildProcess): void {
    if (scripts.delete(script)) process.kill(-script.pid!, 'SIGKILL');
  }

  function follow(id: string, page: Page): () => void {
    let stop = (): void => undefined;
    async function begin(): Promise<void> {
      const { node } = await connection.keepReading(async () => ({
        data: await execute<DiscussionResult>(DISCUSSION, { id }),
      }));
      page.read(node);
      const script = spawn('bash', ['-c', recipe(url, id)], {
        detached: true,
        stdio: ['ignore', 'pipe', 'inherit'],
        env: { ...process.env, after: node.liveCursor },
      });
      scripts.add(script);
      stop = () => end(script);
      script.once('exit', (code) => {
        if (scripts.delete(script)) page.failure = new Error(`The script has ended with ${code}.`);
      });
      createInterface(script.stdout).on('line', (line) => {
        if (!scripts.has(script)) return;
        const { data, errors } = JSON.parse(line) as Line;
        if (errors?.[0]?.extensions.retryAfterSeconds) page.withdrawals += 1;
        if (!data) return;
        page.receive(data.commentEvents);
        if (data.commentEvents.__typename !== 'ResyncRequired') return;
        stop();
        void begin();
      });
    }
    void begin();
    return () => stop();
  }

  return {
    execute,
    follow,
    close() {
      for (const script of scripts) end(script);
    },
  };
}

describe.runIf(hasTools)('curl', () => describePromises(connect));
