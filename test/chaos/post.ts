/** No answer, or SERVICE_UNAVAILABLE: it is unknown whether the operation was done. */
export class NoAnswer extends Error {
  override name = 'NoAnswer';
}

/** An answer with errors. */
export class Refused extends Error {
  override name = 'Refused';
  /** `extensions.code` of each error. */
  readonly codes: readonly (string | undefined)[];

  constructor(status: number, text: string, errors: readonly { extensions?: { code?: string } }[]) {
    super(`A gateway answered ${status}: ${text}`);
    this.codes = errors.map(({ extensions }) => extensions?.code);
  }
}

export interface Call {
  query: string;
  variables: Record<string, unknown>;
  /** The header `Authorization`; undefined for an anonymous client. */
  authorization?: string | undefined;
  /** Address of the sender, as a proxy in front of the gateway names it. */
  address?: string | undefined;
  /** When it is aborted, the operation is not sent again. */
  signal?: AbortSignal | undefined;
}

/** Milliseconds that an answer may take. */
const ANSWER_TIMEOUT = 20_000;

/** Sends an operation. @throws NoAnswer, Refused */
export async function post<Data>(url: string, { query, variables, authorization, address }: Call): Promise<Data> {
  let status: number;
  let text: string;
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(authorization !== undefined && { authorization }),
        ...(address !== undefined && { 'x-forwarded-for': address }),
      },
      body: JSON.stringify({ query, variables }),
      signal: AbortSignal.timeout(ANSWER_TIMEOUT),
    });
    status = response.status;
    text = await response.text();
  } catch (cause) {
    throw new NoAnswer('The gateway did not answer.', { cause });
  }
  if (status === 503) throw new NoAnswer(text);
  const { data, errors } = JSON.parse(text) as { data: Data; errors?: ConstructorParameters<typeof Refused>[2] };
  if (status !== 200 || errors) throw new Refused(status, text, errors ?? []);
  return data;
}

/**
 * Sends an operation again until it is answered.
 * @param urlOf returns the gateway of the next attempt
 * @throws Refused; the reason of the call's signal
 */
export async function postUntilAnswered<Data>(urlOf: () => string, call: Call): Promise<Data> {
  for (;;) {
    call.signal?.throwIfAborted();
    try {
      return await post<Data>(urlOf(), call);
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error;
      // Without a pause, attempts to reach a stopped gateway take the CPU time that its start needs.
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
