import {
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  getOperationAST,
  execute as interpret,
} from 'graphql';
import { type CompiledQuery, compileQuery, isCompiledQuery } from 'graphql-jit';
import type { Context } from '../../schema/content/context.ts';
import { EventLoopShare } from '../background/index.ts';
import { hasConditionalFragments } from './document/conditional-fragments.ts';
import { countWrittenOutFields } from './document/expanded-fields.ts';

/** Executions of a document before it is compiled. A document that is sent once, or that has its values written into it, never is. */
const COMPILE_AFTER = 3;

/**
 * Most fields of an operation that is compiled. The compiler writes code for each, and for a fragment wherever it is spread,
 * in some ten microseconds, while requests wait.
 */
const MAX_COMPILED_FIELDS = 300;

/**
 * Compiling takes some milliseconds, as much as compiled code saves in fifty executions: when many documents return at the same time,
 * as hundreds of subscriptions to one article do, they are compiled one by one.
 */
const compiling = new EventLoopShare(1 / 20, 30);

interface CompiledDocument {
  executions: number;
  /** By operation name, null when the request has none; null for an operation that cannot be compiled. */
  operations: Map<string | null, CompiledQuery | null>;
}

// Kept as long as the document, which is cached.
const compiledDocuments = new WeakMap<DocumentNode, CompiledDocument>();

/**
 * Executes an operation: with graphql-js at first, and compiled to a function when its document keeps coming back, which
 * takes a quarter less CPU time for a page of comments.
 */
export function execute(args: ExecutionArgs): ReturnType<typeof interpret> {
  // Compiled code completes a list in one go.
  if ((args.contextValue as Context).slices) return interpret(args);
  const result = compiledOperation(args)?.query(args.rootValue, args.contextValue, args.variableValues ?? {});
  // When the variables do not fit, nothing was executed and graphql-js has the better error message.
  if (!result || ('errors' in result && result.data === undefined)) return interpret(args);
  return result instanceof Promise ? result.then(errorsFirst) : errorsFirst(result);
}

/** The result as graphql-js has it, so that equal responses have equal bytes. */
function errorsFirst(result: ExecutionResult): ExecutionResult {
  const { errors, data = null } = result;
  return errors ? { errors, data } : result;
}

type Operation = Pick<ExecutionArgs, 'schema' | 'document' | 'operationName'>;

function compiledOperation({ schema, document, operationName }: Operation): CompiledQuery | null {
  let compiled = compiledDocuments.get(document);
  if (!compiled) {
    compiled = { executions: 0, operations: new Map() };
    compiledDocuments.set(document, compiled);
  }
  if (++compiled.executions <= COMPILE_AFTER) return null;
  // Not '', which is a name that no operation has.
  const name = operationName ?? null;
  let operation = compiled.operations.get(name);
  if (operation === undefined) {
    // Clients may send any number of names that no operation has.
    if (compiling.isSpent || !getOperationAST(document, operationName)) return null;
    const begun = performance.now();
    operation = compile({ schema, document, operationName });
    compiling.add(performance.now() - begun);
    compiled.operations.set(name, operation);
  }
  return operation;
}

/**
 * Null for an operation that is large, for one that graphql-jit compiles wrongly, and for one that the document does not
 * have: graphql-js reports it.
 */
function compile({ schema, document, operationName }: Operation): CompiledQuery | null {
  const operation = getOperationAST(document, operationName);
  if (!operation || countWrittenOutFields(document, operation) > MAX_COMPILED_FIELDS) return null;
  if (hasConditionalFragments(document)) return null;
  const result = compileQuery(schema, document, operationName ?? undefined);
  return isCompiledQuery(result) ? result : null;
}
