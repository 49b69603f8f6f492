import type { ExecutionResult, GraphQLError, GraphQLFormattedError } from 'graphql';
import { encodeInPieces, isSmall, JsonTooLargeError } from './json-pieces.ts';

/** Largest result in bytes of its JSON: several times what the largest pages have. */
const MAX_RESULT = 16_000_000;

/** Sent instead of a result that is larger. What a mutation has changed stays. */
const TOO_LARGE = JSON.stringify({
  data: null,
  errors: [
    {
      message: `The result has more than ${MAX_RESULT} bytes; select fewer fields, or read lists in smaller pages.`,
      extensions: { code: 'RESPONSE_TOO_LARGE' },
    },
  ],
});

/** Errors as clients get them. `extensions.http` is for the transport, which turns it into a status. */
export function publicErrors(errors: readonly GraphQLError[]): GraphQLFormattedError[] {
  return errors.map((error) => {
    const { extensions, ...rest } = error.toJSON();
    const { http, ...kept } = extensions ?? {};
    return Object.keys(kept).length > 0 ? { ...rest, extensions: kept } : rest;
  });
}

/** The JSON of a result that is known to be small, such as one of errors alone. */
export function resultJson(result: ExecutionResult): string {
  return JSON.stringify(publicResult(result));
}

/**
 * The JSON of a result as clients get it; for a large one, a function that encodes it in pieces between which the event
 * loop runs. A result of more than MAX_RESULT bytes becomes the error RESPONSE_TOO_LARGE.
 * @returns bytes: node:http would measure a text three times and encode it more slowly
 */
export function encodeResult(result: ExecutionResult): Buffer | (() => Promise<Buffer>) {
  const value = publicResult(result);
  return isSmall(value) ? Buffer.from(JSON.stringify(value)) : () => encodeLarge(value);
}

/** The JSON of a result as text, whatever its size. */
export async function resultText(result: ExecutionResult): Promise<string> {
  const value = publicResult(result);
  return isSmall(value) ? JSON.stringify(value) : String(await encodeLarge(value));
}

async function encodeLarge(value: object): Promise<Buffer> {
  try {
    return await encodeInPieces(value, MAX_RESULT);
  } catch (error) {
    if (error instanceof JsonTooLargeError) return Buffer.from(TOO_LARGE);
    throw error;
  }
}

function publicResult(result: ExecutionResult): object {
  return result.errors ? { ...result, errors: publicErrors(result.errors) } : result;
}
