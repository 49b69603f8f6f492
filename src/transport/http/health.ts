import { type Handler, sendText } from './handler.ts';

export interface HealthOptions {
  /** Whether requests can be answered now, with the reason for the operator. */
  readiness(): Promise<{ isReady: boolean; message: string }>;
  isStopping(): boolean;
}

/** Answers `/health`: the process runs. */
export const health: Handler = (_, response) => sendText(response, 200, 'alive');

/** Answers `/ready`: a load balancer may send requests. */
export function createReadiness({ readiness, isStopping }: HealthOptions): Handler {
  return async (_, response) => {
    const { isReady, message } = isStopping()
      ? { isReady: false, message: 'the gateway is stopping' }
      : await readiness();
    sendText(response, isReady ? 200 : 503, message);
  };
}
