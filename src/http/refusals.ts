import { type ExecutionResult, GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';

/** Makes GET and event streams refuse in the words and with the status that POST has by itself. */
export function useRefusals(): Plugin {
  return {
    onRequestParse({ requestParser, setRequestParser }) {
      if (!requestParser) return;
      setRequestParser(async (request) => {
        try {
          return await requestParser(request);
        } catch (error) {
          if (error instanceof SyntaxError)
            throw new GraphQLError('`variables` and `extensions` must be JSON objects.');
          throw error;
        }
      });
    },
    onResultProcess({ result }) {
      if (Array.isArray(result) || Symbol.asyncIterator in result) return;
      const { data, errors } = result as ExecutionResult;
      if (data !== undefined) return;
      // GraphQL over HTTP, 6.4.2: without `data` it is a 400, where the media type is GraphQL's own (`spec`).
      for (const error of errors ?? [])
        if (error instanceof GraphQLError) error.extensions.http ??= { status: 400, spec: true };
    },
  };
}
