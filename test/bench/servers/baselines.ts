import { readConfig } from '../../../src/config.ts';
import type { Server } from './gateway.ts';
import { end, nextMessage, SERVER_CORE, start, typescript } from './process.ts';

/** Starts the server that answers each operation by one statement, on as many connections as the gateway opens. */
export async function startOneStatement(databaseUrl: string): Promise<Server> {
  const child = start({
    args: typescript('./one-statement.ts'),
    core: SERVER_CORE,
    env: {
      DATABASE_URL: databaseUrl,
      POOL_SIZE: String(readConfig(process.env).databaseConnections),
      NODE_ENV: 'production',
    },
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
