import type { TestProject } from 'vitest/node';
import startDatabase from './database.ts';
import compilePrograms from './programs.ts';

/** Both at once: vitest would wait for the one before it begins with the other. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const started = await Promise.allSettled([startDatabase(project), compilePrograms(project)]);
  const closers = started.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const close = async (): Promise<void> => {
    for (const closer of closers) await closer();
  };
  const failed = started.find((one) => one.status === 'rejected');
  if (!failed) return close;
  await close();
  throw failed.reason;
}
