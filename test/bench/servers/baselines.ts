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
  return { url: await nextMessage<string>(child), pid: child.pid!, stop: () => end(child) };
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
    pid: child.pid!,
    async say(text) {
      const heard = nextMessage(child);
      child.send(text);
      await heard;
    },
    stop: () => end(child),
  };
}

export interface BroadcastServer extends Server {
  /** Makes every event from here on like this one, but for the comment's id. */
  imitate(event: string): Promise<void>;
}

/** Starts the server that sends its subscribers the same string each, whenever it is told to; see broadcast.ts. */
export async function startBroadcast(): Promise<BroadcastServer> {
  const child = start({ args: typescript('./broadcast.ts'), core: SERVER_CORE });
  return {
    url: await nextMessage<string>(child),
    pid: child.pid!,
    async imitate(event) {
      const heard = nextMessage(child);
      child.send(event);
      await heard;
    },
    stop: () => end(child),
  };
}
