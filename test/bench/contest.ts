import type pg from 'pg';
import { answersOf, compareAnswers } from './answers.ts';
import type { LoadRequest } from './load/load.ts';
import { bodyOf, type Operation, type OperationName } from './operations/operation.ts';
import type { PeerRequest } from './operations/peer-request.ts';
import type { Target } from './rounds.ts';
import type { ConstantServer } from './servers/baselines.ts';
import type { Server } from './servers/gateway.ts';

/** The servers that are measured beside each other. */
export interface Contest<Name extends string> {
  limit: Server;
  constant: ConstantServer;
  others: readonly Contestant<Name>[];
}

interface Contestant<Name extends string> {
  name: Name;
  server: Server;
  /** How its schema is asked; absent where it takes the same documents as the gateway. */
  requests?: Readonly<Record<OperationName, PeerRequest>>;
}

export const LIMIT = 'one statement';
export const CONSTANT = 'constant body';
export type Limit = typeof LIMIT | typeof CONSTANT;

/** An answer shorter than this part of the shortest right one is an error; the servers space their JSON differently. */
const LEAST_PART = 0.75;

/**
 * Has all servers answer an operation, and compares what they say before anything is measured. The constant body becomes
 * the answer of median length.
 * @throws when one answers differently from the statement
 */
export async function targetsOf<Name extends string>(
  operation: Operation,
  { limit, constant, others }: Contest<Name>,
  client: pg.Client,
): Promise<Target<Name | Limit>[]> {
  const { name, document, writes = false } = operation;
  const all = await operation.variables(client);
  const bodies = all.map((variables) => bodyOf({ name, document, variables }));
  const expected = await answersOf(limit.url, bodies);
  const targets: Target<Name | Limit>[] = [];
  for (const { name: contestant, server, requests } of others) {
    const request = requests?.[name];
    const asked = request
      ? all.map((variables) =>
          bodyOf({ name, document: request.document, variables: request.variables?.(variables) ?? variables }),
        )
      : bodies;
    const answers = await answersOf(server.url, asked);
    compareAnswers({ name: contestant, bodies: asked, answers, expected, shape: request?.shape, writes });
    targets.push({ name: contestant, server, requests: requestsOf(asked), leastBytes: leastOf(answers) });
  }
  const byLength = expected.toSorted((a, b) => Buffer.byteLength(a) - Buffer.byteLength(b));
  await constant.say(byLength[Math.floor(byLength.length / 2)]!);
  const rest = { requests: requestsOf(bodies), leastBytes: leastOf(expected) };
  return [...targets, { name: LIMIT, server: limit, ...rest }, { name: CONSTANT, server: constant, ...rest }];
}

const requestsOf = (bodies: readonly string[]): LoadRequest[] => bodies.map((body) => ({ body }));

export function leastOf(answers: readonly string[]): number {
  return LEAST_PART * Math.min(...answers.map((answer) => Buffer.byteLength(answer)));
}
