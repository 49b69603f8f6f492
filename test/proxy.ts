import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A TCP proxy whose connections can be closed, refused and frozen. */
export interface TestProxy {
  port: number;
  /** Connections accepted so upstream. */
  readonly connectionCount: number;
  /** Closes every connection. */
  closeConnections(): void;
  /** Forwards no more data, while connections stay open and new ones are accepted: as when the network is lost. */
  freeze(): void;
  thaw(): void;
  /** Forwards the data of new connections, while the frozen ones stay frozen: as after a change of the route. */
  passNewConnections(): void;
  /** Closes every connection, and from now on each new one as soon as it is accepted. */
  rejectNewConnections(): void;
  /** Sends new connections to another port from now on. */
  forwardTo(target: number): void;
  /** Closes every connection, and refuses new ones. */
  stopListening(): Promise<void>;
  /** Accepts new connections again, on the same port. */
  listen(): Promise<void>;
  close(): Promise<void>;
}

/** Starts a proxy to a port of this machine. */
export async function startProxy(target: number): Promise<TestProxy> {
  const sockets = new Set<Socket>();
  let isFrozen = false;
  let isRejecting = false;
  let connectionCount = 0;
  let port = 0;

  const server = createServer((client) => {
    connectionCount += 1;
    if (isRejecting) {
      client.destroy();
      return;
    }
    const upstream = connect(target, '127.0.0.1');
    const pair: [Socket, Socket][] = [
      [client, upstream],
      [upstream, client],
    ];
    for (const [from, to] of pair) {
      sockets.add(from);
      from.on('data', (data) => to.write(data));
      from.on('error', () => {});
      from.on('close', () => {
        sockets.delete(from);
        to.destroy();
      });
      if (isFrozen) from.pause();
    }
  });

  async function listen(): Promise<void> {
    isRejecting = false;
    if (server.listening) return;
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    port = (server.address() as AddressInfo).port;
  }
  function closeConnections(): void {
    for (const socket of sockets) socket.destroy();
  }
  async function stopListening(): Promise<void> {
    const closed = new Promise((resolve) => server.close(resolve));
    closeConnections();
    await closed;
  }

  await listen();
  return {
    port,
    get connectionCount() {
      return connectionCount;
    },
    closeConnections,
    freeze() {
      isFrozen = true;
      for (const socket of sockets) socket.pause();
    },
    thaw() {
      isFrozen = false;
      for (const socket of sockets) socket.resume();
    },
    passNewConnections() {
      isFrozen = false;
    },
    rejectNewConnections() {
      isRejecting = true;
      closeConnections();
    },
    forwardTo(other) {
      target = other;
    },
    stopListening,
    listen,
    close: stopListening,
  };
}
