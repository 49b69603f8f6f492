import {
  createSourceEventStream,
  type ExecutionResult,
  GraphQLError,
  getArgumentValues,
  getVariableValues,
} from 'graphql';
import type { SignedInViewer } from '../../schema/content/context.ts';
import { withFreshLoaders } from '../../schema/content/context-loader.ts';
import { isStaff } from '../../schema/content/roles.ts';
import { ANONYMOUS, type CostBudget, senderKey } from '../auth/index.ts';
import type { BackgroundWork } from '../background/index.ts';
import {
  DeliveryTotals,
  type ResultRenderer,
  type ResultSink,
  retryUntilDone,
  SubscriberGroup,
} from '../delivery/index.ts';
import { LogSource } from '../log/index.ts';
import type { Logger } from '../logger.ts';
import { operationCost } from './cost/operation-cost.ts';
import { withNodePlaces } from './document/error-places.ts';
import type { ErrorMask } from './error-mask.ts';
import { EventContexts } from './event-contexts.ts';
import { EventCosts } from './event-costs.ts';
import type { CreateContext, OperationContext, Subscription } from './operation.ts';
import type { OperationObserver } from './operation-record.ts';
import { type SubscriptionArguments, type SubscriptionPlan, subscriptionPlan } from './subscription-plan.ts';
import { createRenderer, finalResult, maskResult, UnavailableError } from './subscription-renderer.ts';

export interface SubscriptionsOptions {
  createContext: CreateContext;
  maskError: ErrorMask;
  /** Paces what is rendered for those who catch up. */
  costBudget: Pick<CostBudget, 'pace'>;
  log: Logger;
  /** Tracks what is rendered. */
  work: BackgroundWork;
  observer?: OperationObserver | null | undefined;
}

type Variables = Readonly<Record<string, unknown>>;

interface Joining {
  sink: ResultSink;
  /** A cursor instead of the argument `after`; null to start where the operation says. */
  resumeFrom: string | null;
  isWanted(): boolean;
}

/** All subscriptions. Those with the same results form a group, at whichever position of the log each of them starts. */
export class Subscriptions {
  readonly #options: SubscriptionsOptions;
  readonly #groups = new Map<string, Promise<SubscriberGroup | ExecutionResult>>();
  readonly #eventCosts = new EventCosts();
  readonly #eventContexts = new EventContexts();
  /** Senders, with their number of subscriptions. */
  readonly #followers = new Map<string, number>();
  /** The sums over all groups. */
  readonly totals = new DeliveryTotals();

  constructor(options: SubscriptionsOptions) {
    this.#options = options;
  }

  /** Whether a sender has a subscription at this gateway. */
  isFollowing(sender: string): boolean {
    return this.#followers.has(sender);
  }

  get groupCount(): number {
    return this.#groups.size;
  }

  subscribe(args: SubscriptionArguments): Subscription {
    const { record } = args.contextValue;
    return {
      start: (sink, resumeFrom = null) => {
        const unfollow = this.#follow(senderKey(args.contextValue.identity));
        let isStopped = false;
        let leave = (): void => {};
        this.#join(args, { sink, resumeFrom, isWanted: () => !isStopped }).then(
          (leaveGroup) => {
            record?.end();
            leave = leaveGroup;
            if (isStopped) leave();
          },
          (error) => {
            this.#options.log.error('A subscription could not be started', {
              requestId: args.contextValue.requestId,
              err: error,
            });
            record?.end();
            if (!isStopped) sink.end('restart');
          },
        );
        return () => {
          unfollow();
          isStopped = true;
          record?.end();
          leave();
        };
      },
    };
  }

  /** @returns ends it, at the first call */
  #follow(sender: string): () => void {
    const followers = this.#followers;
    followers.set(sender, (followers.get(sender) ?? 0) + 1);
    let isFollowing = true;
    return () => {
      if (!isFollowing) return;
      isFollowing = false;
      const others = followers.get(sender)! - 1;
      if (others > 0) followers.set(sender, others);
      else followers.delete(sender);
    };
  }

  /** @returns leaves the group */
  async #join(args: SubscriptionArguments, { sink, resumeFrom, isWanted }: Joining): Promise<() => void> {
    const { maskError } = this.#options;
    function refuse({ errors = [] }: ExecutionResult): () => void {
      if (isWanted()) {
        const masked = withNodePlaces(errors).map((error) => maskError(error, args.contextValue.requestId));
        const final = finalResult(masked);
        args.contextValue.record?.fail(masked);
        sink.send(final.result);
        sink.end('complete', final.retryAfterSeconds);
      }
      return () => {};
    }

    const plan = subscriptionPlan(args);
    // Without a plan the operation is wrong, and graphql-js reports how.
    if (!plan) return refuse((await createSourceEventStream(args)) as ExecutionResult);
    const variables = getVariableValues(
      args.schema,
      plan.operation.variableDefinitions ?? [],
      args.variableValues ?? {},
    );
    if (variables.errors) return refuse({ errors: variables.errors });

    // Without a database a new subscription waits for one, as the running ones do.
    const group = await retryUntilDone(() => this.#findGroup(args, plan, variables.coerced), {
      isWanted,
      onFailure: () => {},
    });
    if (!group) return () => {};
    if (!(group instanceof SubscriberGroup)) return refuse(group);
    if (!isWanted()) {
      group.closeIfEmpty();
      return () => {};
    }
    const { identity } = args.contextValue;
    const cost = operationCost(args) ?? 0;
    return group.join(sink, resumeFrom ?? afterArgument(args, plan, variables.coerced), (results) =>
      this.#options.costBudget.pace(identity, results * cost),
    );
  }

  #findGroup(
    args: SubscriptionArguments,
    plan: SubscriptionPlan,
    variables: Variables,
  ): Promise<SubscriberGroup | ExecutionResult> {
    const viewer = groupViewer(args.contextValue.viewer, plan);
    const { [plan.afterVariable ?? '']: _, ...otherVariables } = variables;
    const key = JSON.stringify([plan.id, otherVariables, viewer && [viewer.author.id, viewer.role]]);
    const existing = this.#groups.get(key);
    if (existing) return existing;
    const { identity } = args.contextValue;
    const freePoints = isStaff(identity.viewer)
      ? () => {}
      : this.#eventCosts.add(`${senderKey(identity)} ${logOf(args, plan, variables)}`, operationCost(args) ?? 0);
    if (freePoints instanceof GraphQLError) return Promise.resolve({ errors: [freePoints] });
    const forget = (): void => {
      if (this.#groups.get(key) !== group) return;
      this.#groups.delete(key);
      freePoints();
    };
    const contextValue = this.#groupContext(args.contextValue, viewer !== null);
    const group = this.#options.work.track(this.#openGroup({ ...args, contextValue }, forget));
    this.#groups.set(key, group);
    group.then((opened) => {
      if (!(opened instanceof SubscriberGroup)) forget();
    }, forget);
    return group;
  }

  /** The context of a group. Without a viewer, nothing of the first reader's own context is in it. */
  #groupContext(context: OperationContext, hasViewer: boolean): OperationContext {
    const { requestId } = context;
    const identity = hasViewer ? context.identity : ANONYMOUS;
    const own = this.#options.createContext({ identity, isShared: true });
    return {
      ...(hasViewer && context),
      ...own,
      identity,
      requestId,
      record: undefined,
      signal: undefined,
      parsedText: undefined,
      cost: undefined,
      isOneMoment: false,
    };
  }

  async #openGroup(args: SubscriptionArguments, onEmpty: () => void): Promise<SubscriberGroup | ExecutionResult> {
    const { maskError, observer = null } = this.#options;
    const source = await createSourceEventStream({ ...args, contextValue: withFreshLoaders(args.contextValue) });
    if (!(source instanceof LogSource))
      return maskResult(source as ExecutionResult, maskError, args.contextValue.requestId);
    return new SubscriberGroup({
      source,
      renderer: this.#tracked(
        createRenderer({ args, source, maskError, totals: this.totals, contexts: this.#eventContexts, observer }),
      ),
      totals: this.totals,
      onEmpty,
      onFault: (error) => this.#logFault(error),
    });
  }

  #tracked({ renderEntries, renderNotice, renderGone }: ResultRenderer): ResultRenderer {
    const { work } = this.#options;
    return {
      renderEntries: (entries, publication) => work.track(renderEntries(entries, publication)),
      renderNotice: (notice) => work.track(renderNotice(notice)),
      renderGone: () => work.track(renderGone()),
    };
  }

  #logFault(error: unknown): void {
    // Its cause is in the log already.
    if (error instanceof UnavailableError) return;
    this.#options.log.error('Subscriptions could not be served and will be retried', { err: error });
  }
}

/**
 * The viewer of a group's context; null for the anonymous one. All readers share one anonymous context, so one reader's
 * data cannot reach another, unless the document selects a field that declares an answer of its own for each viewer.
 */
function groupViewer(viewer: SignedInViewer | null, { isSameForReaders }: SubscriptionPlan): SignedInViewer | null {
  return isSameForReaders && !isStaff(viewer) ? null : viewer;
}

/** Names the log that a subscription follows: its field and arguments, but for the place where it starts. */
function logOf({ schema }: SubscriptionArguments, { field }: SubscriptionPlan, variables: Variables): string {
  const definition = schema.getSubscriptionType()!.getFields()[field.name.value]!;
  const { after: _, ...others } = getArgumentValues(definition, field, variables);
  return JSON.stringify([field.name.value, others]);
}

function afterArgument(
  { schema }: SubscriptionArguments,
  { field }: SubscriptionPlan,
  variables: Variables,
): string | null {
  const definition = schema.getSubscriptionType()!.getFields()[field.name.value]!;
  const { after } = getArgumentValues(definition, field, variables);
  return typeof after === 'string' ? after : null;
}
