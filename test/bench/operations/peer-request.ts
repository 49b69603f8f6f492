import type { Variables } from './operation.ts';

/** An operation as another server's schema lets a client ask it. */
export interface PeerRequest {
  document: string;
  /** Its variables, from the operation's. */
  variables?(variables: Variables): Variables;
  /** Its answer's `data` in the shape of the gateway's. */
  shape(data: never): unknown;
}
