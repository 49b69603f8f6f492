import { GraphQLError } from 'graphql';

/** Codes of the errors a client can act on; the graph's enum `ErrorCode`. */
export type ErrorCode =
  | 'INVALID_INPUT'
  | 'NOT_FOUND'
  | 'UNAUTHENTICATED'
  | 'FORBIDDEN'
  | 'CONFLICT'
  | 'COMMENTS_CLOSED'
  | 'RATE_LIMITED'
  | 'EDIT_WINDOW_OVER';

/**
 * An answer a client can act on. A mutation returns it as one of its union's types;
 * everywhere else it is a GraphQL error with its code in the extensions.
 */
export abstract class ActionableError extends GraphQLError {
  abstract readonly code: ErrorCode;
}

function coded(code: string) {
  return { extensions: { code } };
}

/** What was sent breaks a rule of the input; `path` leads to the field that does. */
export class InvalidInputError extends ActionableError {
  readonly code = 'INVALID_INPUT';
  readonly inputPath: string[];
  constructor(message: string, inputPath: string[]) {
    super(message, coded('INVALID_INPUT'));
    this.inputPath = inputPath;
  }
}

/** There is nothing there, or nothing that this viewer may know of. */
export class NotFoundError extends ActionableError {
  readonly code = 'NOT_FOUND';
  constructor(message: string) {
    super(message, coded('NOT_FOUND'));
  }
}

/** The viewer is known, or nobody, and may not do this. */
export class ForbiddenError extends ActionableError {
  readonly code = 'FORBIDDEN';
  constructor(message: string) {
    super(message, coded('FORBIDDEN'));
  }
}

/** Something else was there first: another version, or another request under the same key. */
export class ConflictError extends ActionableError {
  readonly code = 'CONFLICT';
  constructor(message: string) {
    super(message, coded('CONFLICT'));
  }
}

/** The article takes no comments. */
export class CommentsClosedError extends ActionableError {
  readonly code = 'COMMENTS_CLOSED';
  constructor(message: string) {
    super(message, coded('COMMENTS_CLOSED'));
  }
}

/** The author came later than the time in which they may change their words. */
export class EditWindowOverError extends ActionableError {
  readonly code = 'EDIT_WINDOW_OVER';
  constructor(message: string) {
    super(message, coded('EDIT_WINDOW_OVER'));
  }
}

/** Too much in too short a time. */
export class RateLimitedError extends ActionableError {
  readonly code = 'RATE_LIMITED';
  readonly retryAfterSeconds: number;
  /** @param retryAfterSeconds whole seconds, at least 1, after which it is let through */
  constructor(retryAfterSeconds: number) {
    super(`Too much in too short a time; try again in ${retryAfterSeconds} s.`, coded('RATE_LIMITED'));
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** An argument of a query that cannot be meant: a page size out of range, a cursor from elsewhere. */
export function badUserInput(message: string): GraphQLError {
  return new GraphQLError(message, coded('BAD_USER_INPUT'));
}
