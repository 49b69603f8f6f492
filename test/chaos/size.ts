/** How much is done: enough to find what is broken within seconds, or all of it with `npm run soak`. */
export interface Size {
  /** Clients that follow discussions, half of them over WebSocket. */
  followers: number;
  writers: number;
  /** Times that a client loses its connection, all clients together. */
  cuts: number;
  /** Results that may come before a connection is cut. */
  resultsBetween: number;
  /** Gateways that work on one database while something fails. */
  gateways: number;
  /** Gateways that are killed, one after another. */
  kills: number;
  /** Gateways that are asked to end, as when a new version takes their place. */
  ends: number;
  databaseRestarts: number;
  /** Times that nothing comes from the database, and then every connection to it is cut. */
  databaseCuts: number;
  redisRestarts: number;
  /** Gateways that stand still for a while. */
  pauses: number;
  /** Milliseconds that something is away or stands still, at most. */
  away: number;
  /** Milliseconds that one test may take. */
  limit: number;
}

const SMALL: Size = {
  followers: 20,
  writers: 6,
  cuts: 100,
  resultsBetween: 4,
  gateways: 2,
  kills: 1,
  ends: 1,
  databaseRestarts: 2,
  databaseCuts: 1,
  redisRestarts: 0,
  pauses: 0,
  away: 300,
  limit: 60_000,
};

const FULL: Size = {
  followers: 100,
  writers: 20,
  cuts: 1_000,
  resultsBetween: 40,
  gateways: 3,
  kills: 20,
  ends: 5,
  databaseRestarts: 5,
  databaseCuts: 5,
  redisRestarts: 5,
  pauses: 5,
  away: 3_000,
  limit: 900_000,
};

/** Set by the command. */
export const isSoak: boolean = process.env.MODE === 'soak';
export const SIZE: Size = isSoak ? FULL : SMALL;
