import { once } from 'node:events';
import { WebSocket } from 'ws';
import { freePort } from './port.ts';

/** A way into a process of node that needs nothing of the program that runs there. */
export interface Inspector {
  /** What node is to be started with. */
  nodeOptions: readonly string[];
  /** Bytes that live objects take, after a collection of garbage. */
  liveHeap(): Promise<number>;
}

/** Chooses a port for a process that is yet to be started. */
export async function chooseInspector(): Promise<Inspector> {
  const port = await freePort();
  return {
    // Published over HTTP alone, it says nothing to the terminal.
    nodeOptions: [`--inspect=127.0.0.1:${port}`, '--inspect-publish-uid=http'],
    async liveHeap() {
      const response = await fetch(`http://127.0.0.1:${port}/json/list`);
      const [target] = (await response.json()) as { webSocketDebuggerUrl: string }[];
      const socket = new WebSocket(target!.webSocketDebuggerUrl);
      await once(socket, 'open');
      try {
        await ask(socket, 'HeapProfiler.collectGarbage');
        const { usedSize } = (await ask(socket, 'Runtime.getHeapUsage')) as { usedSize: number };
        return usedSize;
      } finally {
        socket.close();
      }
    },
  };
}

/** Asks in the Chrome DevTools Protocol, one thing at a time. */
async function ask(socket: WebSocket, method: string): Promise<unknown> {
  socket.send(JSON.stringify({ id: 1, method }));
  const [data] = await once(socket, 'message');
  return (JSON.parse(String(data)) as { result: unknown }).result;
}
