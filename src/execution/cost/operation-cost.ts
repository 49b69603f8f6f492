import { type ExecutionArgs, getOperationAST, type OperationTypeNode } from 'graphql';
import { memoizePerOperation } from '../operation-memo.ts';
import { costOf } from './cost.ts';
import { planCost, type SelectionPlan } from './cost-plan.ts';

export interface OperationPlan {
  kind: `${OperationTypeNode}`;
  selection: SelectionPlan;
}

/** The plan of an operation's cost; null for an operation name that the document does not have. */
export const costPlan = memoizePerOperation(({ schema, document, operationName }): OperationPlan | null => {
  const operation = getOperationAST(document, operationName);
  return operation ? { kind: operation.operation, selection: planCost(schema, document, operation) } : null;
});

/** The points of an operation with its variables; null for an operation name that the document does not have. */
export function operationCost(args: ExecutionArgs): number | null {
  const plan = costPlan(args);
  return plan && costOf(plan.selection, args.variableValues ?? {});
}
