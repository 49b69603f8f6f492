import type { Logger } from '../logger.ts';

/** Logs the begin and the end of an outage once each, however many calls fail in between. */
export interface OutageLog {
  begin(error: unknown): void;
  end(): void;
}

export function createOutageLog(log: Logger, message: { begin: string; end: string }): OutageLog {
  let isDown = false;
  return {
    begin(error) {
      if (!isDown) log.error(message.begin, { err: error });
      isDown = true;
    },
    end() {
      if (isDown) log.info(message.end);
      isDown = false;
    },
  };
}
