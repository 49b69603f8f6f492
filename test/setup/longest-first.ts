import { readFileSync } from 'node:fs';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** An import of what takes long: programs in processes of their own, walks, a browser, threads of low priority. */
const TAKES_LONG =
  /from '(\.\.?\/(chaos\/)?(program|serve|node|postgres-server|size)\.ts|playwright-core|.*\/text-converter\.ts)'/;

/**
 * Runs the files first whose tests take the longest. Without it, vitest starts the largest files first until it has seen how
 * long each takes, and waits for small ones at the end.
 */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const long = new Set(sorted.filter(({ moduleId }) => TAKES_LONG.test(readFileSync(moduleId, 'utf8'))));
    return [...long, ...sorted.filter((file) => !long.has(file))];
  }
}
