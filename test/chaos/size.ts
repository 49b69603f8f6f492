/** The extent of the tests: small enough for seconds by default, full with `npm run test:long`. */
export interface Size {
  /** Clients that follow discussions, half of them over WebSocket. */
  followers: number;
  writers: number;
  /** Connections that are cut, of all followers together. */
  cuts: number;
  /** Most results before a connection is cut. */
  resultsBetween: number;
  /** Gateways on one database. */
  gateways: number;
  /** Times that a gateway is killed. */
  kills: number;
  /** Times that a gateway is stopped, as for a new version. */
  stops: number;
  databaseRestarts: number;
  /** Times that the database stops answering, and then all connections to it are cut. */
  databaseCuts: number;
  redisRestarts: number;
  /** Times that a gateway is paused. */
  pauses: number;
  /** Longest outage or pause in milliseconds. */
  longestOutage: number;
  /** Milliseconds that one test may take. */
  limit: number;
}

const SMALL: Size = {
  followers: 12,
  writers: 5,
  cuts: 60,
  resultsBetween: 4,
  gateways: 2,
  kills: 1,
  stops: 1,
  databaseRestarts: 1,
  databaseCuts: 1,
  redisRestarts: 0,
  pauses: 0,
  longestOutage: 300,
  limit: 300_000,
};

const FULL: Size = {
  followers: 100,
  writers: 20,
  cuts: 1_000,
  resultsBetween: 40,
  gateways: 3,
  kills: 20,
  stops: 5,
  databaseRestarts: 5,
  databaseCuts: 5,
  redisRestarts: 5,
  pauses: 5,
  longestOutage: 3_000,
  limit: 900_000,
};

/** True for `npm run test:long`. */
export const isSoak: boolean = process.env.MODE === 'soak';
export const SIZE: Size = isSoak ? FULL : SMALL;
