/** Nobody answered, or only that now is not the time: whether it was done is not known. */
class NoAnswer extends Error {
  override name = 'NoAnswer';
}

export interface Call {
  query: string;
  variables: Record<string, unknown>;
  /** The header `Authorization`; undefined for nobody. */
  authorization?: string | undefined;
}

/** Milliseconds that an answer may take. */
const ANSWER_WITHIN = 20_000;

/** Asks a gateway. @throws NoAnswer; Error for an answer that no client can do anything with */
export async function post<Data>(url: string, { query, variables, authorization }: Call): Promise<Data> {
  let status: number;
  let text: string;
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(authorization !== undefined && { authorization }) },
      body: JSON.stringify({ query, variables }),
      signal: AbortSignal.timeout(ANSWER_WITHIN),
    });
    status = response.status;
    text = await response.text();
  } catch (cause) {
    throw new NoAnswer('Nobody answered.', { cause });
  }
  if (status === 503) throw new NoAnswer(text);
  const { data, errors } = JSON.parse(text) as { data: Data; errors?: unknown };
  if (status !== 200 || errors) throw new Error(`A gateway answered ${status}: ${text}`);
  return data;
}

/** Sends the same until it is answered, as programs do that want to be sure. @param urlOf the gateway to ask next */
export async function insist<Data>(urlOf: () => string, call: Call): Promise<Data> {
  for (;;) {
    try {
      return await post<Data>(urlOf(), call);
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error;
      // Who asks a gateway that is gone again at once only keeps the machine from starting it.
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
