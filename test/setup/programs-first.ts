import { readFileSync } from 'node:fs';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** An import of what starts programs in processes of their own. */
const STARTS_PROGRAMS = /from '\.\.?\/(program|serve|node|postgres-server)\.ts'/;

/**
 * Runs the files first whose tests start programs, since they take the longest. Without it, vitest starts the largest
 * files first until it has seen how long each takes, and waits for small ones at the end.
 */
export class ProgramsFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const startsPrograms = new Set(
      sorted.filter(({ moduleId }) => STARTS_PROGRAMS.test(readFileSync(moduleId, 'utf8'))),
    );
    return [...startsPrograms, ...sorted.filter((file) => !startsPrograms.has(file))];
  }
}
