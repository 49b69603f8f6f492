import {
  type ActionableError,
  type ErrorCode as Code,
  CommentsClosedError,
  ConflictError,
  EditWindowOverError,
  ForbiddenError,
  InvalidInputError,
  NotFoundError,
  RateLimitedError,
} from '../content/errors.ts';
import { builder } from './builder.ts';

// The domain throws these errors. A mutation lists in its option `errors` those that it returns.

const ErrorCode = builder.enumType('ErrorCode', {
  description: 'The kinds of error that a client can act on.',
  values: {
    INVALID_INPUT: { description: 'A field of the input is not valid.' },
    NOT_FOUND: { description: 'The object does not exist, or the viewer may not know that it does.' },
    UNAUTHENTICATED: { description: 'The token is not valid, or has expired.' },
    FORBIDDEN: { description: 'The viewer lacks the right.' },
    CONFLICT: { description: 'The state is another than the client expected.' },
    COMMENTS_CLOSED: { description: 'The article takes no comments.' },
    RATE_LIMITED: { description: 'The viewer has done this too often in a short time.' },
    EDIT_WINDOW_OVER: { description: 'The time in which the comment could be edited has passed.' },
  } satisfies Record<Code, object>,
});

const ErrorInterface = builder.interfaceRef<ActionableError>('Error').implement({
  description: 'The error that prevented a mutation. Nothing was changed.',
  fields: (t) => ({
    code: t.expose('code', { type: ErrorCode, description: 'The kind of error, for programs.' }),
    message: t.exposeString('message', { description: 'The rule, and what arrived instead, for people.' }),
  }),
});

function errorType(error: new (message: string) => ActionableError, description: string): void {
  builder.objectType(error, { name: error.name, description, interfaces: [ErrorInterface] });
}

errorType(NotFoundError, 'The object does not exist, or the viewer may not know that it does.');
errorType(ForbiddenError, 'The viewer lacks the right.');
errorType(ConflictError, 'The state is another than the client expected.');
errorType(CommentsClosedError, 'The article takes no comments.');
errorType(EditWindowOverError, 'The time in which the comment could be edited has passed.');

builder.objectType(InvalidInputError, {
  name: 'InvalidInputError',
  description: 'A field of the input is not valid.',
  interfaces: [ErrorInterface],
  fields: (t) => ({
    path: t.exposeStringList('inputPath', {
      description: 'The path of the field, such as ["input", "guest", "email"].',
    }),
  }),
});

builder.objectType(RateLimitedError, {
  name: 'RateLimitedError',
  description: 'The viewer has done this too often in a short time.',
  interfaces: [ErrorInterface],
  fields: (t) => ({
    retryAfterSeconds: t.exposeInt('retryAfterSeconds', {
      description: 'Seconds after which it is allowed again, at least 1.',
    }),
  }),
});
