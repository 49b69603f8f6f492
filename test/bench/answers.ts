import assert from 'node:assert/strict';

/** The answer to one POST, as it was sent. @throws unless it is 200 */
export async function answerOf(url: string, body: string): Promise<string> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body,
  });
  const text = await response.text();
  if (response.status !== 200) throw new Error(`${url} answered ${response.status}: ${text.slice(0, 500)}`);
  return text;
}

/**
 * Asks both servers the same, and compares what they say.
 * @throws at the first difference, or when the answer is an error
 */
export async function compareAnswers(gateway: string, limit: string, bodies: readonly string[]): Promise<void> {
  for (const body of bodies) {
    const [actual, expected] = await Promise.all([answerOf(gateway, body), answerOf(limit, body)]);
    try {
      assert.deepEqual(JSON.parse(actual, placeOnly), JSON.parse(expected, placeOnly));
    } catch (error) {
      throw new Error(`The gateway and the statement answer differently to ${body}:\n${(error as Error).message}`);
    }
  }
}

/** Cursors begin with a fingerprint of their list, which only the gateway computes; the place that follows must agree. */
function placeOnly(key: string, value: unknown): unknown {
  if (typeof value !== 'string' || !/cursor$/i.test(key)) return value;
  const [, ...place] = JSON.parse(Buffer.from(value, 'base64url').toString()) as unknown[];
  return place;
}
