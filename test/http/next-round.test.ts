import { expect, it } from 'vitest';
import { nextRound } from '../../src/transport/http/next-round.ts';

const nextTick = (): Promise<void> => new Promise((resolve) => process.nextTick(resolve));

it('lets those that wait in one round of the event loop go on together, after the round, and later ones in the next', async () => {
  const order: string[] = [];
  const wait = (name: string): Promise<unknown> => nextRound().then(() => order.push(name));
  const first = wait('first');
  await nextTick();
  void wait('second');
  await nextTick();
  expect(order).toEqual([]);
  await first;
  expect(order).toEqual(['first', 'second']);
  const third = wait('third');
  await nextTick();
  expect(order).toEqual(['first', 'second']);
  await third;
  expect(order).toEqual(['first', 'second', 'third']);
});
