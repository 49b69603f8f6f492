import { Command } from 'commander';
import pg from 'pg';
import { findRunningServer } from '../database/index.ts';
import { type CommandContext, JSON_OPTION, printJson, printLine } from './command-context.ts';
import { tableLines } from './table-lines.ts';
import { type DatabaseWork, withDatabase } from './with-database.ts';

/** Milliseconds after which the server notices that this process has ended, and cancels its statement. */
const CHECK_INTERVAL = 1_000;

interface Choices {
  json?: boolean;
  url?: boolean;
}

export function sqlCommand(context: CommandContext): Command {
  return new Command('sql')
    .argument('[statement...]', 'SQL; without it, standard input is read')
    .description('Run SQL in the database, all statements in one transaction, and print the rows.')
    .option(...JSON_OPTION)
    .option('--url', 'print the address of the database instead, with its password; an embedded one must be running')
    .action(async (words: string[], { json = false, url = false }: Choices) => {
      if (url) return printUrl(context);
      const text = words.length > 0 ? words.join(' ') : await readInput();
      await withDatabase(context, (database) => runStatements(database, text, json), { migrates: 'never' });
    });
}

async function printUrl(context: CommandContext): Promise<void> {
  const { databaseUrl, dataDir } = context.readConfig();
  const url = databaseUrl ?? (await findRunningServer(dataDir));
  if (url !== null) printLine(url);
  else {
    process.stderr.write(`No PostgreSQL runs on the data in ${dataDir}: it has an address while a gateway runs.\n`);
    process.exitCode = 1;
  }
}

async function readInput(): Promise<string> {
  if (process.stdin.isTTY) process.stderr.write('SQL, ended by Ctrl-D:\n');
  const pieces: Buffer[] = [];
  for await (const piece of process.stdin) pieces.push(piece);
  return Buffer.concat(pieces).toString();
}

async function runStatements({ url }: DatabaseWork, text: string, json: boolean): Promise<void> {
  const client = new pg.Client({ connectionString: url, application_name: 'broadsheet sql' });
  client.on('error', () => {});
  await client.connect();
  try {
    await client.query(`SET client_connection_check_interval = ${CHECK_INTERVAL}`).catch(() => {});
    const results = await client.query({ text, types: { getTypeParser: json ? jsonParser : () => String } });
    const list = (Array.isArray(results) ? results : [results]) as pg.QueryResult<Record<string, unknown>>[];
    if (json) printResultsAsJson(list);
    else for (const result of list) printResult(result);
  } catch (error) {
    if (!(error instanceof pg.DatabaseError)) throw error;
    process.stderr.write(`${describeError(error, text)}\n`);
    process.exitCode = 1;
  } finally {
    await client.end();
  }
}

/** Rows where a statement has columns, otherwise the number of rows that it has changed; a list when there are several statements. */
function printResultsAsJson(results: pg.QueryResult<Record<string, unknown>>[]): void {
  const values = results.map(({ fields, rows, command, rowCount }) =>
    fields.length > 0 ? rows : { command, rows: rowCount },
  );
  printJson(values.length === 1 ? values[0] : values);
}

function printResult({ fields, rows, command, rowCount }: pg.QueryResult<Record<string, unknown>>): void {
  if (fields.length === 0) {
    if (command) printLine(rowCount === null ? command : `${command} ${rowCount}`);
    return;
  }
  const names = fields.map(({ name }) => name);
  const cells = rows.map((row) => names.map((name) => row[name] as string | null));
  for (const line of tableLines(names, cells)) printLine(line);
  printLine(rows.length === 1 ? '(1 row)' : `(${rows.length} rows)`);
}

const { BOOL, INT2, INT4, OID, FLOAT4, FLOAT8, JSON: JSON_TYPE, JSONB } = pg.types.builtins;
const OF_JSON: readonly number[] = [BOOL, INT2, INT4, OID, FLOAT4, FLOAT8, JSON_TYPE, JSONB];

/** Numbers that JSON can have, booleans and JSON itself are values; all else is the text that PostgreSQL gives. */
function jsonParser(type: number): (text: string) => unknown {
  return OF_JSON.includes(type) ? pg.types.getTypeParser(type as never) : String;
}

function describeError({ message, detail, hint, position, code }: pg.DatabaseError, text: string): string {
  const at = position === undefined ? '' : ` (line ${text.slice(0, Number(position)).split('\n').length})`;
  return [`ERROR ${code}${at}: ${message}`, detail && `DETAIL: ${detail}`, hint && `HINT: ${hint}`]
    .filter(Boolean)
    .join('\n');
}
