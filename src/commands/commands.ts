import type { Command } from 'commander';
import type { CommandContext } from './command-context.ts';

/** Makes a command of the program. */
type MakeCommand = (context: CommandContext) => Command;

/** The commands by name, each in a module that is loaded when the command is asked for: most need little of what serving needs. */
export const COMMANDS: Readonly<Record<string, () => Promise<MakeCommand>>> = {
  migrate: async () => (await import('./migrate.ts')).migrateCommand,
  import: async () => (await import('./import.ts')).importCommand,
  export: async () => (await import('./export.ts')).exportCommand,
  backup: async () => (await import('./backup.ts')).backupCommand,
  restore: async () => (await import('./restore.ts')).restoreCommand,
  move: async () => (await import('./move.ts')).moveCommand,
  sql: async () => (await import('./sql.ts')).sqlCommand,
  person: async () => (await import('./person.ts')).personCommand,
  token: async () => (await import('./token.ts')).tokenCommand,
  words: async () => (await import('./words.ts')).wordsCommand,
  hold: async () => (await import('./hold.ts')).holdCommand,
  verify: async () => (await import('./verify.ts')).verifyCommand,
  rerender: async () => (await import('./rerender.ts')).rerenderCommand,
  prune: async () => (await import('./prune.ts')).pruneCommand,
  config: async () => (await import('./config.ts')).configCommand,
  doctor: async () => (await import('./doctor/doctor.ts')).doctorCommand,
};
