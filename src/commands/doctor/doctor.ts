import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import pg from 'pg';
import type { Config } from '../../config.ts';
import { describeFailure } from '../../failure.ts';
import { type CommandContext, JSON_OPTION, printJson, printLine } from '../command-context.ts';
import { withDatabase } from '../with-database.ts';
import { checkDatabase } from './check-database.ts';
import {
  checkConfiguration,
  checkDocuments,
  checkNode,
  checkPictures,
  checkRedis,
  checkSigningIn,
  checkSpace,
} from './check-machine.ts';
import { type Finding, failure, ok, skipped } from './finding.ts';

export function doctorCommand(context: CommandContext): Command {
  return new Command('doctor')
    .description(
      'Check this installation: versions, configuration, database, clocks, disk. Exits with 1 if something is wrong.',
    )
    .option(...JSON_OPTION)
    .action(async ({ json = false }: { json?: boolean }) => {
      const findings = await diagnose(context);
      const wrong = findings.filter(({ status }) => status === 'error').length;
      if (json) printJson({ ok: wrong === 0, findings });
      else for (const line of findings.flatMap(linesOf)) printLine(line);
      if (wrong > 0) process.exitCode = 1;
    });
}

async function diagnose(context: CommandContext): Promise<Finding[]> {
  const node = await checkNode();
  const { finding, config } = checkConfiguration(context.environment, context.readConfig);
  if (!config) return [node, finding, skipped('database', 'The configuration is not allowed')];
  return [
    node,
    finding,
    await checkSpace(config),
    await checkPictures(config),
    await checkSigningIn(config),
    await checkDocuments(config),
    await checkRedis(config),
    ...(await diagnoseDatabase(context, config)),
  ];
}

/** Creates no database: an embedded one that was never started is not checked. */
async function diagnoseDatabase(context: CommandContext, config: Config): Promise<Finding[]> {
  if (config.databaseUrl === null && !existsSync(join(config.dataDir, 'postgres')))
    return [skipped('database', `There is none in ${config.dataDir} yet; the first start creates it`)];
  const findings: Finding[] = [];
  try {
    await withDatabase(
      context,
      async ({ url }) => {
        const client = new pg.Client({
          connectionString: url,
          application_name: 'broadsheet doctor',
          connectionTimeoutMillis: config.connectTimeout,
        });
        client.on('error', () => {});
        await client.connect();
        try {
          findings.push(ok('database', 'It answers'), ...(await checkDatabase(client, config, url)));
        } finally {
          await client.end();
        }
      },
      { migrates: 'never' },
    );
  } catch (error) {
    findings.push(failure('database', describeFailure(error, context.environment.values)));
  }
  return findings;
}

const SIGNS: Record<Finding['status'], string> = { ok: 'ok', warning: 'WARNING', error: 'ERROR', skipped: '-' };

function linesOf({ check, status, detail }: Finding): string[] {
  const [first = '', ...others] = detail.split('\n');
  return [
    `${SIGNS[status].padEnd(7)}  ${check.padEnd(17)}  ${first}`,
    ...others.map((line) => `${' '.repeat(28)}${line}`),
  ];
}
