import { describe, expect, it } from 'vitest';
import { WindowCache } from '../src/auth/window-cache.ts';

const LENGTH = 10_000;

describe('windows of senders', () => {
  it('are forgotten soon after they have ended, when others are added', () => {
    const windows = new WindowCache(50_000);
    let largest = 0;
    // Each sender comes once, one in a millisecond.
    for (let now = 0; now < 5 * LENGTH; now++) {
      windows.add(`sender ${now}`, { endsAt: now + LENGTH }, now);
      largest = Math.max(largest, windows.size);
    }
    expect(largest).toBeLessThanOrEqual(LENGTH + 1);
  });

  it('are kept until they end, at most so many', () => {
    const windows = new WindowCache(3);
    for (const sender of ['a', 'b', 'c']) windows.add(sender, { endsAt: LENGTH }, 0);
    expect(windows.get('a', LENGTH - 1)).toEqual({ endsAt: LENGTH });
    windows.add('d', { endsAt: LENGTH }, 0);
    expect(windows.get('b', 0)).toBeUndefined();
    expect(windows.get('a', LENGTH)).toBeUndefined();
    expect(windows.size).toBe(3);
  });
});
