import { type ExecutionArgs, type ExecutionResult, GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { isStaff } from '../../../schema/content/roles.ts';
import type { CostBudget } from '../../auth/index.ts';
import type { ErrorMask } from '../error-mask.ts';
import type { OperationContext } from '../operation.ts';
import { costOf, mostExpensiveField } from './cost.ts';
import { costPlan } from './operation-cost.ts';

/** How much more an operation of staff may cost: they work through queues and histories. */
const STAFF_FACTOR = 10;
/** The part of the limit that a subscription may cost: it costs as much again for each event. */
const SUBSCRIPTION_SHARE = 0.1;

export interface CostLimitOptions {
  /** Points that one operation of a reader may cost. */
  limit: number;
  /** Points that a sender may use over time. */
  budget: CostBudget;
  /** The hooks that mask the errors of results do not run for a refused operation. */
  maskError: ErrorMask;
}

/** The points that a client receives in `extensions.cost` when its request asks for them. */
interface CostReport {
  requested: number;
  limit: number;
  /** The points that the sender may still use; null for a sender without a budget and for a refused operation. */
  remaining: number | null;
}

type OperationArgs = ExecutionArgs & { contextValue: OperationContext };

/** Refuses operations that may read or return too much, or whose sender has used much before, before they read anything. */
export function useCostLimit({ limit: limitOfReaders, budget, maskError }: CostLimitOptions): Plugin<OperationContext> {
  /** @returns null for an operation name that the document does not have: execution reports it */
  function charge(args: OperationArgs): { report: CostReport; error: GraphQLError | null } | null {
    const plan = costPlan(args);
    if (!plan) return null;
    const { identity, requestId, record } = args.contextValue;
    const variables = args.variableValues ?? {};
    const factor =
      (isStaff(identity.viewer) ? STAFF_FACTOR : 1) * (plan.kind === 'subscription' ? SUBSCRIPTION_SHARE : 1);
    const limit = limitOfReaders * factor;
    const requested = costOf(plan.selection, variables);
    args.contextValue.cost = requested;
    if (record) record.cost = requested;
    const report: CostReport = { requested, limit, remaining: null };
    if (requested > limit)
      return { report, error: tooExpensive(report, mostExpensiveField(plan.selection, variables)) };
    try {
      const remaining = budget.consume(identity, requested);
      report.remaining = Number.isFinite(remaining) ? Math.floor(remaining) : null;
      return { report, error: null };
    } catch (error) {
      return { report, error: maskError(error, requestId) };
    }
  }

  return {
    onExecute({ args, setResultAndStopExecution }) {
      const charged = charge(args);
      if (!charged) return undefined;
      const extensions = args.contextValue.wantsCost ? { cost: charged.report } : undefined;
      if (charged.error) {
        setResultAndStopExecution({ errors: [charged.error], ...(extensions && { extensions }) });
        return undefined;
      }
      if (!extensions) return undefined;
      return {
        onExecuteDone({ result, setResult }) {
          const { extensions: others, ...rest } = result as ExecutionResult;
          setResult({ ...rest, extensions: { ...others, ...extensions } });
        },
      };
    },
    onSubscribe({ args, setResultAndStopExecution }) {
      const charged = charge(args);
      if (charged?.error) setResultAndStopExecution({ errors: [charged.error] });
    },
  };
}

function tooExpensive(
  { requested, limit }: CostReport,
  { path, points }: { path: string; points: number },
): GraphQLError {
  return new GraphQLError(
    `The operation costs ${shown(requested)} points; the limit is ${shown(limit)}. The most expensive part is \`${path}\` ` +
      `with ${shown(points)} points: ask for smaller pages, or for fewer within each other.`,
    {
      extensions: {
        code: 'OPERATION_TOO_EXPENSIVE',
        http: { status: 400 },
        cost: { requested: finite(requested), limit },
      },
    },
  );
}

function shown(points: number): string {
  return points > Number.MAX_SAFE_INTEGER ? 'very many' : points.toLocaleString('en');
}

/** JSON has no infinite numbers. */
function finite(points: number): number {
  return Math.min(points, Number.MAX_SAFE_INTEGER);
}
