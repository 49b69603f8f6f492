import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeInPieces, isSmall, JsonTooLargeError } from '../src/execution/json-pieces.ts';

/** Larger than what is encoded at once. */
const LARGE = 400_000;

describe('JSON in pieces', () => {
  it('is what JSON.stringify returns, for any value', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue({ maxDepth: 6 }), fc.string({ unit: 'binary' }), async (value, text) => {
        const padded = {
          value,
          missing: undefined,
          rows: Array.from({ length: 30 }, () => [value, text.repeat(20), text.padEnd(LARGE / 20, '\u{1f600}"\\é')]),
          empty: [{}, [], Object.create(null)],
          date: new Date(0),
        };
        expect(isSmall(padded)).toBe(false);
        expect((await encodeInPieces(padded, 1e9)).toString()).toBe(JSON.stringify(padded));
      }),
      { numRuns: 30 },
    );
  });

  it('of long strings keeps each character, wherever the pieces end', async () => {
    for (let offset = 0; offset < 3; offset++) {
      const text = `${'x'.repeat(offset)}${'\u{1f600}'.repeat(LARGE)}\ud83d`;
      expect((await encodeInPieces({ text }, 1e9)).toString()).toBe(JSON.stringify({ text }));
    }
  });

  it('fails as soon as it has more bytes than it may have', async () => {
    const endless = { rows: Array.from({ length: 1_000 }, () => 'ü'.repeat(1_000)) };
    await expect(encodeInPieces(endless, 1_000_000)).rejects.toThrow(JsonTooLargeError);
    expect(await encodeInPieces(endless, 3_000_000)).toHaveLength(JSON.stringify(endless).length + 1_000_000);
  });

  it('lets the event loop run in between', async () => {
    let turns = 0;
    let isDone = false;
    const count = (): void => {
      turns += 1;
      if (!isDone) setImmediate(count);
    };
    setImmediate(count);
    await encodeInPieces({ rows: Array.from({ length: 300_000 }, (_, i) => ({ i, text: 'some text' })) }, 1e9);
    isDone = true;
    expect(turns).toBeGreaterThan(3);
  });
});
