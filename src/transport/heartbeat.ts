/**
 * Milliseconds between heartbeats of streams and pings of WebSockets. Proxies close a connection that is silent for a minute,
 * some for half of one, and a client that has heard nothing for two heartbeats takes its connection for lost.
 */
export const HEARTBEAT_INTERVAL = 12_000;
