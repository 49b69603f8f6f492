import { builder } from './builder.ts';
import {
  ActionableError,
  type AnyActionableError,
  type ErrorCode as Code,
  CommentsClosedError,
  ConflictError,
  ForbiddenError,
  InvalidInputError,
  NotFoundError,
} from './errors.ts';

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

const ErrorInterface = builder.interfaceRef<ActionableError>('Error').implement({
  description: 'Why a mutation was not done. Nothing was changed.',
  fields: (t) => ({
    code: t.expose('code', { type: ErrorCode, description: 'The kind, for programs.' }),
    message: t.exposeString('message', { description: 'The rule and what came instead, for people.' }),
  }),
});

const interfaces = [ErrorInterface];

export const InvalidInput = builder.objectType(InvalidInputError, {
  name: 'InvalidInputError',
  description: 'A field of the input breaks its rule.',
  interfaces,
  fields: (t) => ({
    path: t.exposeStringList('inputPath', { description: 'Leads to the field, such as ["input", "guest", "email"].' }),
  }),
});

export const NotFound = builder.objectType(NotFoundError, {
  name: 'NotFoundError',
  description: 'There is nothing there, or nothing the viewer may know of.',
  interfaces,
});

export const Forbidden = builder.objectType(ForbiddenError, {
  name: 'ForbiddenError',
  description: 'This viewer may not do that.',
  interfaces,
});

export const Conflict = builder.objectType(ConflictError, {
  name: 'ConflictError',
  description: 'Something else was there first.',
  interfaces,
});

export const CommentsClosed = builder.objectType(CommentsClosedError, {
  name: 'CommentsClosedError',
  description: 'The article takes no comments.',
  interfaces,
});

/** Runs a mutation and turns an error that clients can act on into one of its results. */
export async function orActionable<Result>(work: () => Promise<Result>): Promise<Result | AnyActionableError> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ActionableError) return error as AnyActionableError;
    throw error;
  }
}
