import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll } from 'vitest';

/** Milliseconds in which what was closed is gone, also on a busy machine. */
const CLOSED_WITHIN_MS = 30_000;

const CHECK_EVERY_MS = 10;

/** What a file must not leave to the next one in the same process, as Node names it. */
const KINDS = ['TCPServerWrap', 'TCPSocketWrap', 'ProcessWrap', 'Timeout'];

function countOpen(): ReadonlyMap<string, number> {
  const open = process.getActiveResourcesInfo();
  return new Map(KINDS.map((kind) => [kind, open.filter((other) => other === kind).length]));
}

let atStart: ReadonlyMap<string, number>;

beforeAll(() => {
  atStart = countOpen();
});

// Runs after the file's own afterAll. Files share a process: what one leaves open must fail it, and no other.
afterAll(async () => {
  const deadline = Date.now() + CLOSED_WITHIN_MS;
  for (;;) {
    const left = [...countOpen()].filter(([kind, count]) => count > atStart.get(kind)!);
    if (left.length === 0) return;
    if (Date.now() > deadline) {
      const list = left.map(([kind, count]) => `${count - atStart.get(kind)!} ${kind}`).join(', ');
      throw new Error(`This file has left open: ${list}.`);
    }
    await delay(CHECK_EVERY_MS);
  }
});
