/** An error whose message tells operators what they can do. Commands print it without a stack. */
export class OperatorError extends Error {}
