import { Command, Option } from 'commander';
import { ROLES, type Role } from '../../schema/content/context.ts';
import { signToken } from '../auth/index.ts';
import { type CommandContext, JSON_OPTION, printJson, printLine } from './command-context.ts';

export function tokenCommand(context: CommandContext): Command {
  return new Command('token')
    .description('Print a token for trying things out.')
    .requiredOption('--name <name>', 'the member to sign in; the same name is the same member')
    .addOption(
      new Option('--role <role>', "the member's role")
        .choices(ROLES.map((role) => role.toLowerCase()))
        .default('reader'),
    )
    .option(...JSON_OPTION)
    .action(async ({ name, role, json = false }: { name: string; role: Lowercase<Role>; json?: boolean }) => {
      const token = await signToken(context.readConfig(), { name, role: role.toUpperCase() as Role });
      if (json) printJson({ token, name, role });
      else printLine(token);
    });
}
