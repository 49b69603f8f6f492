import type { IncomingMessage } from 'node:http';
import type { Refusal } from '../refusal.ts';
import { awaitsContinue } from './body-state.ts';

/** Refuses a request of any path that is no valid HTTP/1.1, or expects what the server cannot do; null for a valid one. */
export function refuseRequest(request: IncomingMessage): Refusal | null {
  const hosts = countHosts(request);
  // RFC 9112, 3.2: with two, a proxy may have chosen the other one.
  if (hosts > 1 || (hosts === 0 && request.httpVersion === '1.1'))
    return { status: 400, message: 'A request has one Host header.' };
  if (request.headers.expect !== undefined && !awaitsContinue(request))
    return { status: 417, message: 'The only expectation that can be met is 100-continue.' };
  return null;
}

/** Node.js keeps the first of several in `headers`. */
function countHosts({ rawHeaders }: IncomingMessage): number {
  let hosts = 0;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i]!;
    if (name.length === 4 && name.toLowerCase() === 'host') hosts += 1;
  }
  return hosts;
}
