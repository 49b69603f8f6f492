import { ActionableError, type ErrorCode as Code, InvalidInputError, RateLimitedError } from '../content/errors.ts';
import { builder } from './builder.ts';

const ErrorCode = builder.enumType('ErrorCode', {
  description: 'What kept a mutation from being done, for programs. The words are in `message`.',
  values: {
    INVALID_INPUT: { description: 'A field of the input breaks its rule; nothing was changed.' },
    NOT_FOUND: { description: 'There is nothing there, or nothing the viewer may know of.' },
    UNAUTHENTICATED: { description: 'The token is not valid, or no longer.' },
    FORBIDDEN: { description: 'This viewer may not do that.' },
    CONFLICT: { description: 'Something else was there first.' },
    COMMENTS_CLOSED: { description: 'The article takes no comments.' },
    RATE_LIMITED: { description: 'Too much in too short a time.' },
    EDIT_WINDOW_OVER: { description: 'The time to edit it has passed.' },
  } satisfies Record<Code, object>,
});

/** An actionable error as a result: graphql-js throws whatever is an Error, so it is carried in a plain object. */
interface ErrorResult {
  typeName: string;
  error: ActionableError;
}

const ErrorInterface = builder.interfaceRef<ErrorResult>('Error').implement({
  description: 'Why a mutation was not done. Nothing was changed.',
  fields: (t) => ({
    code: t.field({ type: ErrorCode, description: 'The kind, for programs.', resolve: ({ error }) => error.code }),
    message: t.string({
      description: 'The rule and what came instead, for people.',
      resolve: ({ error }) => error.message,
    }),
  }),
});

function errorType(name: string, description: string) {
  return builder.objectRef<ErrorResult>(name).implement({ description, interfaces: [ErrorInterface] });
}

export const InvalidInput = builder.objectRef<ErrorResult>('InvalidInputError').implement({
  description: 'A field of the input breaks its rule.',
  interfaces: [ErrorInterface],
  fields: (t) => ({
    path: t.stringList({
      description: 'Leads to the field, such as ["input", "guest", "email"].',
      resolve: ({ error }) => (error instanceof InvalidInputError ? error.inputPath : []),
    }),
  }),
});
export const NotFound = errorType('NotFoundError', 'There is nothing there, or nothing the viewer may know of.');
export const Forbidden = errorType('ForbiddenError', 'This viewer may not do that.');
export const Conflict = errorType('ConflictError', 'Something else was there first.');
export const CommentsClosed = errorType('CommentsClosedError', 'The article takes no comments.');
export const EditWindowOver = errorType('EditWindowOverError', 'The time to edit it has passed.');

export const RateLimited = builder.objectRef<ErrorResult>('RateLimitedError').implement({
  description: 'Too much in too short a time.',
  interfaces: [ErrorInterface],
  fields: (t) => ({
    retryAfterSeconds: t.int({
      description: 'After so many seconds it is let through.',
      resolve: ({ error }) => (error instanceof RateLimitedError ? error.retryAfterSeconds : 1),
    }),
  }),
});

/** Runs a mutation and turns an error that clients can act on into one of its results. */
export async function returnActionableErrors<Result extends object>(
  work: () => Promise<Result>,
): Promise<Result | ErrorResult> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ActionableError) return { typeName: error.constructor.name, error };
    throw error;
  }
}

/** Tells a mutation's result from a refusal, for the unions of both. */
export function resolveResultType(success: string): (result: object) => string {
  return (result) => ('typeName' in result ? (result as ErrorResult).typeName : success);
}
