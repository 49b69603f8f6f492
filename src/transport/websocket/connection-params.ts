type Params = Readonly<Record<string, unknown>>;

/**
 * The credentials in the payload of `connection_init`, in the syntax of the header `Authorization`. Clients put them where
 * their examples do: beside or below `headers`, in either case, or as `authToken`; often as the bare token.
 * @returns undefined when there are none
 */
export function readAuthorization(params: Params | undefined): unknown {
  const headers = isObject(params?.headers) ? params.headers : {};
  const given = [
    params?.authorization,
    params?.Authorization,
    headers.authorization,
    headers.Authorization,
    params?.authToken,
  ].find((value) => value !== undefined && value !== null && value !== '');
  return typeof given === 'string' && isBareToken(given) ? `Bearer ${given}` : given;
}

/** The `traceparent` in the payload of `connection_init`, beside or below `headers`; undefined for none. */
export function readTraceContext(params: Params | undefined): unknown {
  const headers = isObject(params?.headers) ? params.headers : {};
  return params?.traceparent ?? headers.traceparent;
}

/** RFC 6750, 2.1: a token has no spaces. */
function isBareToken(text: string): boolean {
  return /^\S+$/.test(text);
}

function isObject(value: unknown): value is Params {
  return typeof value === 'object' && value !== null;
}
