export type { CommandContext } from './command-context.ts';
export { COMMANDS } from './commands.ts';
export { nextSignal } from './next-signal.ts';
