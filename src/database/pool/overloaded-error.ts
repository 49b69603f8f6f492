/** Seconds after which a refused request may be sent again: a full queue is served in about as many. */
const RETRY_AFTER_SECONDS = 5;

/** Too many statements wait for a connection, or one has waited too long. The database itself may be well. */
export class OverloadedError extends Error {
  override name = 'OverloadedError';
  readonly code = 'OVERLOADED';
  readonly retryAfterSeconds = RETRY_AFTER_SECONDS;

  constructor() {
    super('Too many statements wait for a database connection.');
  }
}
