import { expect, it } from 'vitest';
import { base64url } from '../schema/content/base64url.ts';
import { StoredTime } from '../schema/content/stored-time.ts';

it.each([
  '2026-03-01T09:30:00+00:00',
  '2026-03-01T09:30:00.5+00:00',
  '2026-03-01T09:30:00.12+00:00',
  '2026-03-01T09:30:00.123+00:00',
  '2026-03-01T09:30:00.123999+00:00',
  '0001-01-01T00:00:00+00:00',
  '9999-12-31T23:59:59.999+00:00',
  '2026-03-01T09:30:00.1+05:30',
  '2026-03-01T09:30:00-08:00',
])('a stored time is what Date reads: %s', (text) => {
  const time = new StoredTime(text);
  expect(time.toISOString()).toBe(new Date(text).toISOString());
  expect(time.getTime()).toBe(new Date(text).getTime());
});

it('base64url is that of the UTF-8 of a text of any length', () => {
  for (const part of ['a', 'Comment:1', 'é', '漢', '🙂', '\0', '\ud800'])
    for (const length of [0, 1, 2, 3, 63, 64, 85, 255, 256, 257, 1_000]) {
      const text = part.repeat(length);
      expect(base64url(text)).toBe(Buffer.from(text).toString('base64url'));
    }
});
