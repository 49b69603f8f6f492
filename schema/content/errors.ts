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
 * An error whose message and code clients may read. Any other error is a fault: it is logged, and clients get its id alone.
 * GraphQL copies `extensions` into its response.
 */
export abstract class PublicError<Code extends string = string> extends Error {
  readonly extensions: { code: Code };
  /** @param details for programs, beside the code */
  constructor(code: Code, message: string, details: Record<string, unknown> = {}) {
    super(message);
    this.extensions = { code, ...details };
  }
}

/** An error a client can act on. A mutation returns it as a member of its union; every other field throws it. */
export abstract class ActionableError extends PublicError<ErrorCode> {
  get code(): ErrorCode {
    return this.extensions.code;
  }
}

/** A field of the input breaks its rule; `inputPath` leads to that field. */
export class InvalidInputError extends ActionableError {
  readonly inputPath: string[];
  constructor(message: string, inputPath: string[]) {
    super('INVALID_INPUT', message);
    this.inputPath = inputPath;
  }
}

/** The object does not exist, or this viewer may not know that it does. */
export class NotFoundError extends ActionableError {
  /** @param details for programs, such as whether looking again later may succeed */
  constructor(message: string, details?: Record<string, unknown>) {
    super('NOT_FOUND', message, details);
  }
}

/** This viewer lacks the right. */
export class ForbiddenError extends ActionableError {
  constructor(message: string) {
    super('FORBIDDEN', message);
  }
}

/** The state is another than the client expected: another version, or another request under the same key. */
export class ConflictError extends ActionableError {
  constructor(message: string) {
    super('CONFLICT', message);
  }
}

/** The article takes no comments. */
export class CommentsClosedError extends ActionableError {
  constructor(message: string) {
    super('COMMENTS_CLOSED', message);
  }
}

/** The time in which authors may edit their comment has passed. */
export class EditWindowOverError extends ActionableError {
  constructor(message: string) {
    super('EDIT_WINDOW_OVER', message);
  }
}

/** A rate limit or a cost budget was exceeded. */
export class RateLimitedError extends ActionableError {
  readonly retryAfterSeconds: number;
  /** @param retryAfterSeconds whole seconds, at least 1, until the action is allowed again */
  constructor(retryAfterSeconds: number) {
    // In the extensions for an operation that is refused as a whole: its response has no field for it.
    super('RATE_LIMITED', `Too many requests of this kind; try again in ${retryAfterSeconds} s.`, {
      retryAfterSeconds,
    });
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** A text takes too long to convert, or its result is too large. The caller turns it into an error about its field. */
export class TextTooComplexError extends Error {}

/** An argument of a query is invalid: a page size out of range, a cursor of another list. */
export class BadUserInputError extends PublicError<'BAD_USER_INPUT'> {
  constructor(message: string) {
    super('BAD_USER_INPUT', message);
  }
}

/** A search took too long. Sent again, it would take as long, so it is no error of the service. */
export class QueryTimeoutError extends PublicError<'QUERY_TIMEOUT'> {
  /** @param seconds the limit of a search */
  constructor(seconds: number) {
    super('QUERY_TIMEOUT', `The search took longer than ${seconds} s; search for fewer or rarer words.`);
  }
}
