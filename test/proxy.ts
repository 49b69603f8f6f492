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
  /** Drops all data of the open connections, which stay open: as when their packets vanish. New ones are forwarded. */
  swallow(): void;
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
  const connections = createConnections();
  let isRejecting = false;
  let connectionCount = 0;
  let port = 0;

  const server = createServer((client) => {
    connectionCount += 1;
    if (isRejecting) client.destroy();
    else connections.join(client, connect(target, '127.0.0.1'));
  });

  async function listen(): Promise<void> {
    isRejecting = false;
    if (server.listening) return;
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    port = (server.address() as AddressInfo).port;
  }
  async function stopListening(): Promise<void> {
    const closed = new Promise((resolve) => server.close(resolve));
    connections.close();
    await closed;
  }

  await listen();
  return {
    port,
    get connectionCount() {
      return connectionCount;
    },
    closeConnections: connections.close,
    freeze: connections.freeze,
    thaw: connections.thaw,
    passNewConnections: connections.passNew,
    swallow: connections.swallow,
    rejectNewConnections() {
      isRejecting = true;
      connections.close();
    },
    forwardTo(other) {
      target = other;
    },
    stopListening,
    listen,
    close: stopListening,
  };
}

/** The connections of a proxy, each a socket of the client joined with one of the server. */
function createConnections() {
  const sockets = new Set<Socket>();
  const swallowed = new WeakSet<Socket>();
  let isFrozen = false;

  function forward(from: Socket, to: Socket): void {
    sockets.add(from);
    from.on('data', (data) => {
      if (!swallowed.has(from)) to.write(data);
    });
    from.on('error', () => {});
    from.on('close', () => {
      sockets.delete(from);
      to.destroy();
    });
    if (isFrozen) from.pause();
  }
  return {
    join(client: Socket, upstream: Socket): void {
      forward(client, upstream);
      forward(upstream, client);
    },
    close(): void {
      for (const socket of sockets) socket.destroy();
    },
    freeze(): void {
      isFrozen = true;
      for (const socket of sockets) socket.pause();
    },
    thaw(): void {
      isFrozen = false;
      for (const socket of sockets) socket.resume();
    },
    swallow(): void {
      for (const socket of sockets) swallowed.add(socket);
    },
    passNew(): void {
      isFrozen = false;
    },
  };
}
