import type { ExecutionResult } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { ErrorMask } from './error-mask.ts';
import { requestIdOf } from './operation.ts';

/** Masks the errors of results, and those of building a context. Results of subscriptions are masked when they are rendered. */
export function useErrorMask(mask: ErrorMask): Plugin {
  function maskResult(
    { result, setResult }: { result: unknown; setResult(result: ExecutionResult): void },
    context: unknown,
  ): void {
    const { errors } = result as ExecutionResult;
    if (errors)
      setResult({ ...(result as ExecutionResult), errors: errors.map((error) => mask(error, requestIdOf(context))) });
  }

  return {
    onPluginInit({ registerContextErrorHandler }) {
      registerContextErrorHandler(({ context, error, setError }) => setError(mask(error, requestIdOf(context))));
    },
    onExecute: ({ args: { contextValue } }) => ({ onExecuteDone: (done) => maskResult(done, contextValue) }),
    // A plugin may answer a subscription with a result that has errors.
    onSubscribe: ({ args: { contextValue } }) => ({ onSubscribeResult: (done) => maskResult(done, contextValue) }),
  };
}
