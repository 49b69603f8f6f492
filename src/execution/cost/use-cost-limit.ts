import { type ExecutionArgs, type ExecutionResult, GraphQLError, getOperationAST } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { isStaff } from '../../../schema/content/roles.ts';
import type { OperationContext } from '../operation.ts';
import { memoizePerOperation } from '../operation-memo.ts';
import { costOf, mostExpensiveField } from './cost.ts';
import { planCost } from './cost-plan.ts';

/** How much more an operation of staff may cost: they work through queues and histories. */
const STAFF_FACTOR = 10;

export interface CostLimitOptions {
  /** Points that one operation of a reader may cost. */
  limit: number;
}

/** What a client receives in `extensions.cost` when it asks for it. Points. */
interface CostReport {
  requested: number;
  limit: number;
}

const costPlan = memoizePerOperation(({ schema, document, operationName }) => {
  const operation = getOperationAST(document, operationName);
  return operation ? planCost(schema, document, operation) : null;
});

/** Refuses operations that may read or return too much, before they read anything. */
export function useCostLimit({ limit: limitOfReaders }: CostLimitOptions): Plugin<OperationContext> {
  function check(args: ExecutionArgs & { contextValue: OperationContext }): { report: CostReport; error: GraphQLError | null } | null {
    const plan = costPlan(args);
    // An operation name that the document does not have: execution reports it.
    if (!plan) return null;
    const variables = args.variableValues ?? {};
    const limit = isStaff(args.contextValue.viewer) ? STAFF_FACTOR * limitOfReaders : limitOfReaders;
    const requested = costOf(plan, variables);
    const report = { requested, limit };
    if (requested <= limit) return { report, error: null };
    return { report, error: tooExpensive(report, mostExpensiveField(plan, variables)) };
  }

  return {
    onExecute({ args, setResultAndStopExecution }) {
      const checked = check(args);
      if (!checked) return undefined;
      const extensions = args.contextValue.wantsCost ? { cost: checked.report } : undefined;
      if (checked.error) {
        setResultAndStopExecution({ errors: [checked.error], ...(extensions && { extensions }) });
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
      const error = check(args)?.error;
      if (error) setResultAndStopExecution({ errors: [error] });
    },
  };
}

function tooExpensive(
  { requested, limit }: CostReport,
  { path, points }: { path: string; points: number },
): GraphQLError {
  const shown = (value: number): string => (Number.isFinite(value) ? value.toLocaleString('en') : 'endless');
  return new GraphQLError(
    `The operation costs ${shown(requested)} points; the limit is ${shown(limit)}. The most expensive part is \`${path}\` with ${shown(points)} points: ask for smaller pages, or for fewer within each other.`,
    { extensions: { code: 'OPERATION_TOO_EXPENSIVE', http: { status: 400 }, cost: { requested, limit } } },
  );
}
