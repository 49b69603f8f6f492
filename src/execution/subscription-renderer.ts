import type { ExecutionResult, GraphQLError } from 'graphql';
import type { Context } from '../../schema/content/context.ts';
import { withFreshLoaders } from '../../schema/content/context-loader.ts';
import { type DeliveryTotals, EncodedResult, type FinalResult, type ResultRenderer } from '../delivery/index.ts';
import type { LogEntry, LogSource } from '../log/index.ts';
import { withNodePlaces } from './document/error-places.ts';
import type { ErrorMask } from './error-mask.ts';
import type { EventContexts } from './event-contexts.ts';
import { execute } from './execute.ts';
import { operationDeclarations } from './operation-declarations.ts';
import type { OperationObserver } from './operation-record.ts';
import { renderInSlice } from './rendering-slices.ts';
import { resultJson, resultText } from './result-json.ts';
import { SnapshotReader } from './snapshot-reader.ts';
import type { SubscriptionArguments } from './subscription-plan.ts';
import { SERVICE_UNAVAILABLE } from './unavailable.ts';

/** A result that would only report an unavailable database. It is not sent: the work is repeated until it succeeds. */
export class UnavailableError extends Error {
  override name = 'UnavailableError';
}

export interface RendererOptions {
  args: SubscriptionArguments;
  source: LogSource;
  maskError: ErrorMask;
  totals: DeliveryTotals;
  /** Of all groups. */
  contexts: EventContexts;
  observer: OperationObserver | null;
}

/** Renders the entries of a log as results of one operation: each is executed and serialized once for a whole group. */
export function createRenderer({
  args,
  source: { view },
  maskError,
  totals,
  contexts,
  observer,
}: RendererOptions): ResultRenderer {
  async function render(rootValue: unknown, contextValue: Context): Promise<EncodedResult> {
    const executed = await renderInSlice(async () => execute({ ...args, rootValue, contextValue }));
    const result = maskResult(executed, maskError);
    totals.rendered += 1;
    return new EncodedResult(await resultText(result), view.resuming?.cursorOf(rootValue) ?? null);
  }

  async function renderAll(entries: readonly LogEntry[], context: Context): Promise<(EncodedResult | null)[]> {
    const events = await view.load(entries, context);
    return Promise.all(events.map((event) => (event === null ? null : render(event, context))));
  }

  return {
    async renderEntries(entries: readonly LogEntry[], publication: number | null) {
      if (entries.length === 0) return [];
      let failure: unknown;
      const ended = observer?.beginRendering?.(entries.length);
      try {
        if (!operationDeclarations(args).needsSnapshot)
          return await contexts.use({ entries, publication }, args.contextValue, (context) =>
            renderAll(entries, context),
          );
        const { db } = args.contextValue;
        // A position that an event shows is then of the same moment as the rest of it.
        return await db.snapshot(({ query }) =>
          renderAll(entries, withFreshLoaders({ ...args.contextValue, db: new SnapshotReader(query, db) })),
        );
      } catch (error) {
        failure = error;
        if (error instanceof UnavailableError) throw error;
        // Every entry gets a result, because subscribers could never pass an entry that has none.
        const failed = encodeResult(maskResult({ errors: [error as GraphQLError] }, maskError));
        return entries.map(() => failed);
      } finally {
        ended?.(failure);
      }
    },
    renderNotice: (notice) => render(notice, withFreshLoaders(args.contextValue)),
    async renderGone() {
      const error = await view.goneError?.(withFreshLoaders(args.contextValue));
      return finalResult([maskError(error ?? new Error('A log that can always be followed is gone.'))]);
    },
  };
}

/** @throws UnavailableError */
export function maskResult(result: ExecutionResult, maskError: ErrorMask, requestId?: string): ExecutionResult {
  if (!result.errors) return result;
  const errors = withNodePlaces(result.errors).map((error) => maskError(error, requestId));
  if (errors.some(({ extensions }) => extensions.code === SERVICE_UNAVAILABLE)) throw new UnavailableError();
  return { ...result, errors };
}

/** @param errors fit for clients */
export function finalResult(errors: readonly GraphQLError[]): FinalResult {
  const seconds = errors.flatMap(({ extensions: { retryAfterSeconds } }) =>
    typeof retryAfterSeconds === 'number' ? retryAfterSeconds : [],
  );
  return { result: encodeResult({ errors }), retryAfterSeconds: seconds.length > 0 ? Math.max(...seconds) : null };
}

function encodeResult(result: ExecutionResult): EncodedResult {
  return new EncodedResult(resultJson(result));
}
