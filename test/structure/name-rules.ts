import type { Files } from './sources.ts';

const NAMELESS = /^(utils?|helpers?|lib|libs|common|misc|shared|stuff)$/i;

/** A person's folders, or the registry that a package was installed from. */
const ONE_MACHINE = /(?<![\w.}~-])\/(home|root|Users|work)\/\w|"resolved["]|registry\s*=|\/\/registry\./;

/** Files and folders whose name does not tell what they contain. */
export function namesWithoutMeaning(files: Files): string[] {
  return [...files.keys()].filter((path) => path.split('/').some((part) => NAMELESS.test(part.split('.', 1)[0]!)));
}

/** Files that name a place of the machine they were written on. */
export function pathsOfOneMachine(files: Files): string[] {
  return [...files].filter(([, text]) => ONE_MACHINE.test(text)).map(([path]) => path);
}
