import type { ExecutionArgs, ExecutionResult } from 'graphql';
import type { PipelineOptions } from '../src/execution/index.ts';

/**
 * A plugin that answers the queries `Large<bytes>` with a result of that size, such as `query Large1000 { __typename }`,
 * and counts them.
 */
export function largeResults(): { plugins: PipelineOptions['plugins']; executed(): number } {
  let executed = 0;
  const plugin = {
    onExecute({
      args,
      setResultAndStopExecution,
    }: {
      args: ExecutionArgs;
      setResultAndStopExecution(result: ExecutionResult): void;
    }) {
      const [, bytes] = /query Large(\d+)/.exec(args.document.loc?.source.body ?? '') ?? [];
      if (!bytes) return;
      executed += 1;
      setResultAndStopExecution({
        data: { rows: Array.from({ length: Number(bytes) / 1_000 }, () => 'x'.repeat(997)) },
      });
    },
  };
  return { plugins: [plugin as never], executed: () => executed };
}

export function largeQuery(bytes: number): string {
  return `query Large${bytes} { __typename }`;
}
