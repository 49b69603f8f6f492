import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

function findRoot(): string {
  let directory = import.meta.dirname;
  // One level up from the sources and from the built files.
  while (!existsSync(join(directory, 'package.json'))) {
    const parent = dirname(directory);
    if (parent === directory) throw new Error(`There is no package.json above ${import.meta.dirname}.`);
    directory = parent;
  }
  return directory;
}

/** The directory that holds package.json and prisma/migrations, whether sources or built files are running. */
export const projectRoot: string = findRoot();
