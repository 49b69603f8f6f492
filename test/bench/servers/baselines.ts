import type { Server } from './gateway.ts';
import { end, nextMessage, SERVER_CORE, start, typescript } from './process.ts';

/** Connections of the one-statement server to PostgreSQL: as many as the gateway opens. */
const POOL_SIZE = 10;

/** Starts the server that answers each operation by one statement, and does nothing else. */
export async function startOneStatement(databaseUrl: string): Promise<Server> {
  const child = start({
    args: typescript('./one-statement.ts'),
    core: SERVER_CORE,
    env: { DATABASE_URL: databaseUrl, POOL_SIZE: String(POOL_SIZE), NODE_ENV: 'production' },
  });
  return { url: await nextMessage<string>(child), stop: () => end(child) };
}

export interface ConstantServer extends Server {
  /** Makes this text the body of every answer from here on. */
  say(text: string): Promise<void>;
}

/** Starts the server that sends the same body to everyone. */
export async function startConstant(): Promise<ConstantServer> {
  const child = start({ args: typescript('./constant.ts'), core: SERVER_CORE });
  return {
    url: await nextMessage<string>(child),
    async say(text) {
      const heard = nextMessage(child);
      child.send(text);
      await heard;
    },
    stop: () => end(child),
  };
}
