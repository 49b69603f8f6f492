import { expect, it } from 'vitest';
import { nextRound } from '../../src/transport/http/next-round.ts';

it('lets those that wait in one round of the event loop go on in their order, and later ones in the next', async () => {
  const order: string[] = [];
  const wait = (name: string): Promise<unknown> => nextRound().then(() => order.push(name));
  const all = [wait('first'), wait('second')];
  // As a socket that is read later in the same round.
  process.nextTick(() => all.push(wait('third')));
  setImmediate(() => all.push(wait('of the next round')));
  await all[0];
  expect(order.slice(0, 2)).toEqual(['first', 'second']);
  await Promise.all([...all, nextRound()]);
  await Promise.all(all);
  expect(order).toEqual(['first', 'second', 'third', 'of the next round']);
});
