export type { CommandContext } from './command-context.ts';
export { configCommand } from './config.ts';
export { exportCommand } from './export.ts';
export { importCommand } from './import.ts';
export { migrateCommand } from './migrate.ts';
export { nextSignal } from './next-signal.ts';
export { rerenderCommand } from './rerender.ts';
export { tokenCommand } from './token.ts';
export { verifyCommand } from './verify.ts';
