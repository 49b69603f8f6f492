import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A way to a server that can be cut, closed and frozen. */
export interface TestProxy {
  port: number;
  /** Connections that came so far. */
  readonly connectionCount: number;
  /** Ends every connection. */
  cut(): void;
  /** Nothing passes any more, and nobody is told: as when a machine or the net between is gone. New ones are taken. */
  freeze(): void;
  thaw(): void;
  /** Lets new connections pass again, though what is frozen stays so: as when the net has found another way. */
  passNewConnections(): void;
  /** Cuts, and from now on ends each connection as soon as it has come. */
  rejectNewConnections(): void;
  /** Where new connections go from now on. */
  forwardTo(target: number): void;
  /** Cuts, and refuses who comes. */
  stopListening(): Promise<void>;
  /** Takes who comes again, on the same port, and keeps them. */
  listen(): Promise<void>;
  close(): Promise<void>;
}

/** Starts a proxy to a port of this machine. */
export async function startProxy(target: number): Promise<TestProxy> {
  const ends = new Set<Socket>();
  let isFrozen = false;
  let isTurningAway = false;
  let taken = 0;
  let port = 0;

  const server = createServer((near) => {
    taken += 1;
    if (isTurningAway) {
      near.destroy();
      return;
    }
    const far = connect(target, '127.0.0.1');
    const pair: [Socket, Socket][] = [
      [near, far],
      [far, near],
    ];
    for (const [from, to] of pair) {
      ends.add(from);
      from.on('data', (data) => to.write(data));
      from.on('error', () => {});
      from.on('close', () => {
        ends.delete(from);
        to.destroy();
      });
      if (isFrozen) from.pause();
    }
  });

  async function accept(): Promise<void> {
    isTurningAway = false;
    if (server.listening) return;
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    port = (server.address() as AddressInfo).port;
  }
  function cut(): void {
    for (const end of ends) end.destroy();
  }
  async function refuse(): Promise<void> {
    const closed = new Promise((resolve) => server.close(resolve));
    cut();
    await closed;
  }

  await accept();
  return {
    port,
    get connectionCount() {
      return taken;
    },
    cut,
    freeze() {
      isFrozen = true;
      for (const end of ends) end.pause();
    },
    thaw() {
      isFrozen = false;
      for (const end of ends) end.resume();
    },
    passNewConnections() {
      isFrozen = false;
    },
    rejectNewConnections() {
      isTurningAway = true;
      cut();
    },
    forwardTo(other) {
      target = other;
    },
    stopListening: refuse,
    listen: accept,
    close: refuse,
  };
}
