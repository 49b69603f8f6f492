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

export async function answersOf(url: string, bodies: readonly string[]): Promise<string[]> {
  const answers: string[] = [];
  for (const body of bodies) answers.push(await answerOf(url, body));
  return answers;
}

export interface Compared {
  /** Names the server in an error. */
  name: string;
  bodies: readonly string[];
  answers: readonly string[];
  expected: readonly string[];
  /** Brings the answer's `data` into the shape of what is expected; its cursors have a form of their own. */
  shape?: ((data: never) => unknown) | undefined;
  /** Ids are those of new rows, and differ. */
  writes: boolean;
}

/** @throws at the first answer that holds other values than are expected, such as an error */
export function compareAnswers({ name, bodies, answers, expected, shape, writes }: Compared): void {
  const valuesOf = (answer: string): unknown =>
    JSON.parse(answer, (key, value: unknown) => {
      if (writes && key === 'id') return typeof value;
      if (typeof value !== 'string' || !/cursor$/i.test(key)) return value;
      return shape ? 'cursor' : placeOf(value);
    });
  for (const [n, answer] of answers.entries()) {
    try {
      assert.deepEqual(valuesOf(shape ? shaped(answer, shape) : answer), valuesOf(expected[n]!));
    } catch (error) {
      throw new Error(`${name} and the statement answer differently to ${bodies[n]}:\n${(error as Error).message}`);
    }
  }
}

function shaped(answer: string, shape: (data: never) => unknown): string {
  const { data, errors } = JSON.parse(answer) as { data: never; errors?: unknown };
  if (errors) throw new Error(answer.slice(0, 500));
  return JSON.stringify({ data: shape(data) });
}

/** Cursors begin with a fingerprint of their list, which only the gateway computes; the place that follows must agree. */
function placeOf(cursor: string): unknown {
  const [, ...place] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as unknown[];
  return place;
}
