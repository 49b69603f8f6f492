import {
  createSourceEventStream,
  type ExecutionArgs,
  type ExecutionResult,
  type GraphQLError,
  getArgumentValues,
  getVariableValues,
} from 'graphql';
import type { Context, SignedInViewer } from '../../schema/content/context.ts';
import { withFreshLoaders } from '../../schema/content/context-loader.ts';
import { NotFoundError } from '../../schema/content/errors.ts';
import { isStaff } from '../../schema/content/roles.ts';
import {
  DeliveryTotals,
  EncodedResult,
  type ResultRenderer,
  type ResultSink,
  retryUntilDone,
  SubscriberGroup,
} from '../delivery/index.ts';
import { type LogEntry, LogSource } from '../log/index.ts';
import type { Logger } from '../logger.ts';
import { type ErrorMask, requestIdOf, resultJson, SERVICE_UNAVAILABLE } from './errors.ts';
import { execute } from './execute.ts';
import { type Plan, planOf } from './subscription-plan.ts';

export type SubscriptionArguments = ExecutionArgs & { contextValue: Context };

/** A subscription that was asked for. */
export interface Subscription {
  /**
   * Lets its results come, until nothing more can.
   * @returns stops it; nothing is sent afterwards
   */
  start(sink: ResultSink): () => void;
}

export interface SubscriptionsOptions {
  mask: ErrorMask;
  log: Logger;
}

/** Milliseconds in which whatever keeps subscriptions from going on is one line in the log. */
const FAULT_LINE_EVERY = 1_000;

/** It cannot be told now, and may be later. */
class Unavailable extends Error {
  override name = 'Unavailable';
}

/** All subscriptions: those that see the same of one log are a group, wherever each of them starts. */
export class Subscriptions {
  readonly #options: SubscriptionsOptions;
  readonly #groups = new Map<string, Promise<SubscriberGroup | ExecutionResult>>();
  #faultLoggedAt = Number.NEGATIVE_INFINITY;
  /** What all groups come to. */
  readonly totals = new DeliveryTotals();

  constructor(options: SubscriptionsOptions) {
    this.#options = options;
  }

  /** Groups with subscribers. */
  get groups(): number {
    return this.#groups.size;
  }

  subscribe(args: SubscriptionArguments): Subscription {
    return {
      start: (sink) => {
        let hasLeft = false;
        let leave = (): void => {};
        this.#join(args, sink, () => !hasLeft).then(
          (left) => {
            leave = left;
            if (hasLeft) leave();
          },
          (error) => {
            this.#options.log.error('A subscription could not be started', {
              requestId: requestIdOf(args.contextValue),
              err: error,
            });
            if (!hasLeft) sink.end('restart');
          },
        );
        return () => {
          hasLeft = true;
          leave();
        };
      },
    };
  }

  async #join(args: SubscriptionArguments, sink: ResultSink, isWanted: () => boolean): Promise<() => void> {
    const refused = ({ errors }: ExecutionResult): (() => void) => {
      if (isWanted()) {
        sink.send(this.#serialised({ errors: errors! }));
        sink.end('complete');
      }
      return () => {};
    };
    const plan = planOf(args);
    // What is wrong with it then, graphql-js says best.
    if (!plan) return refused((await createSourceEventStream(args)) as ExecutionResult);
    const variables = getVariableValues(
      args.schema,
      plan.operation.variableDefinitions ?? [],
      args.variableValues ?? {},
    );
    if (variables.errors) return refused({ errors: variables.errors });

    // Without a database it waits for one, as those do that were begun before.
    const group = await retryUntilDone(() => this.#groupOf(args, plan, variables.coerced), {
      isWanted,
      onFailure: () => {},
    });
    if (!group) return () => {};
    if (!(group instanceof SubscriberGroup)) return refused(group);
    if (!isWanted()) {
      group.closeIfEmpty();
      return () => {};
    }
    return group.join(sink, afterOf(args, plan, variables.coerced));
  }

  #groupOf(
    args: SubscriptionArguments,
    plan: Plan,
    variables: Readonly<Record<string, unknown>>,
  ): Promise<SubscriberGroup | ExecutionResult> {
    const viewer = sharedViewer(args.contextValue.viewer, plan);
    const { [plan.afterVariable ?? '']: _, ...deciding } = variables;
    const key = JSON.stringify([plan.number, deciding, viewer && [viewer.author.id, viewer.role]]);
    let group = this.#groups.get(key);
    if (!group) {
      const forget = (): void => {
        if (this.#groups.get(key) === opening) this.#groups.delete(key);
      };
      const opening = this.#open({ ...args, contextValue: { ...args.contextValue, viewer } }, forget);
      this.#groups.set(key, opening);
      opening.then((opened) => {
        if (!(opened instanceof SubscriberGroup)) forget();
      }, forget);
      group = opening;
    }
    return group;
  }

  async #open(args: SubscriptionArguments, onEmpty: () => void): Promise<SubscriberGroup | ExecutionResult> {
    // A context of its own, as everything that is executed has: what it loads is as it is now.
    const source = await createSourceEventStream({ ...args, contextValue: withFreshLoaders(args.contextValue) });
    if (!(source instanceof LogSource)) return this.#told(source as ExecutionResult, requestIdOf(args.contextValue));
    return new SubscriberGroup({
      source,
      renderer: this.#rendering(args, source),
      totals: this.totals,
      onEmpty,
      onFault: (error) => this.#logFault(error),
    });
  }

  /** When a database goes, everyone who catches up finds out. */
  #logFault(error: unknown): void {
    const now = performance.now();
    if (error instanceof Unavailable || now - this.#faultLoggedAt < FAULT_LINE_EVERY) return;
    this.#faultLoggedAt = now;
    this.#options.log.error('Subscriptions could not be served and will be retried', { err: error });
  }

  #rendering(args: SubscriptionArguments, { view }: LogSource): ResultRenderer {
    const result = async (rootValue: unknown, contextValue: Context): Promise<EncodedResult> => {
      const made = this.#told(await execute({ ...args, rootValue, contextValue }));
      this.totals.rendered += 1;
      return this.#serialised(made);
    };
    return {
      renderEntries: async (entries: readonly LogEntry[]) => {
        if (entries.length === 0) return [];
        const contextValue = withFreshLoaders(args.contextValue);
        try {
          const shown = await view.load(entries, contextValue);
          return await Promise.all(shown.map((root) => (root === null ? null : result(root, contextValue))));
        } catch (error) {
          if (error instanceof Unavailable) throw error;
          // Told once for each entry, or nobody would ever get beyond them.
          const told = this.#serialised(this.#told({ errors: [error as GraphQLError] }));
          return entries.map(() => told);
        }
      },
      renderNotice: (word) => result(word, withFreshLoaders(args.contextValue)),
      goneResult: this.#serialised({
        errors: [this.#options.mask(new NotFoundError('There is no such article.')) as GraphQLError],
      }),
    };
  }

  /** A result as clients are told of it. @throws Unavailable when it only says that now is not the time */
  #told(result: ExecutionResult, requestId?: string): ExecutionResult {
    if (!result.errors) return result;
    const errors = result.errors.map((error) => this.#options.mask(error, requestId) as GraphQLError);
    if (errors.some(({ extensions }) => extensions.code === SERVICE_UNAVAILABLE)) throw new Unavailable();
    return { ...result, errors };
  }

  #serialised(result: ExecutionResult): EncodedResult {
    return new EncodedResult(resultJson(result));
  }
}

/**
 * The viewer of a group's context. All readers share one anonymous context, so one reader's data cannot reach another,
 * unless the document selects a field that declares an answer of its own for each viewer.
 */
function sharedViewer(viewer: SignedInViewer | null, { isSameForReaders }: Plan): SignedInViewer | null {
  return isSameForReaders && !isStaff(viewer) ? null : viewer;
}

function afterOf(
  { schema }: SubscriptionArguments,
  { field }: Plan,
  variables: Record<string, unknown>,
): string | null {
  const definition = schema.getSubscriptionType()!.getFields()[field.name.value]!;
  const { after } = getArgumentValues(definition, field, variables);
  return typeof after === 'string' ? after : null;
}
