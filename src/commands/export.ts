import { Command, Option } from 'commander';
import { parseUrl } from '../../schema/content/text/parse-url.ts';
import { exportArchive } from '../archive/index.ts';
import { exportHugo, exportRedirects, exportWxr, type RedirectServer } from '../export/index.ts';
import { openPictures } from '../media/index.ts';
import { type CommandContext, printLine } from './command-context.ts';
import { type DatabaseWork, withDatabase } from './with-database.ts';

const SERVERS: readonly RedirectServer[] = ['nginx', 'netlify', 'cloudflare'];

export function exportCommand(context: CommandContext): Command {
  return new Command('export')
    .argument('<path>', 'a file, zipped if it ends with .gz; or a folder, which gets broadsheet.ndjson')
    .description('Write everything that the database has to a file, from which `import` fills an empty database.')
    .addOption(
      new Option('--redirects <server>', 'write the redirects from former addresses as rules of this server').choices(
        SERVERS,
      ),
    )
    .addOption(
      new Option('--wxr', 'write articles, people, topics and comments as an export of WordPress').conflicts(
        'redirects',
      ),
    )
    .addOption(
      new Option('--hugo', 'write a folder for Hugo: articles in Markdown, and comments as data').conflicts([
        'redirects',
        'wxr',
      ]),
    )
    .addOption(
      new Option('--comments <which>', 'with --hugo: those that everybody can read, or others, too')
        .choices(['public', 'all', 'none'])
        .default('public'),
    )
    .option('--site <address>', 'with --wxr and --hugo, the address of the site. Default: PUBLIC_URL')
    .action((path: string, { redirects, wxr, hugo, comments, site }: Choices) =>
      withDatabase(context, (database) => {
        if (wxr) return writeWxr(database, path, site);
        if (hugo) return writeHugo(database, path, { site, comments });
        return redirects ? writeRedirects(database, path, redirects) : writeArchive(database, path);
      }),
    );
}

interface Choices {
  redirects?: RedirectServer;
  wxr?: boolean;
  hugo?: boolean;
  comments: 'public' | 'all' | 'none';
  site?: string;
}

async function writeWxr(
  { url, config, interrupted: signal }: DatabaseWork,
  path: string,
  site?: string,
): Promise<void> {
  const address = site ?? config.settings.publicUrl;
  if (!address || !/^https?:/i.test(address) || parseUrl(address) === null)
    throw new Error('Give the http or https address of the site with --site.');
  const { mediaUrl, commentPolicy } = config.settings;
  const { articles, comments } = await exportWxr({ url, path, site: address, mediaUrl, commentPolicy, signal });
  printLine(`Wrote ${articles} articles and ${comments} comments to ${path}.`);
}

async function writeHugo(
  { url, config, interrupted: signal }: DatabaseWork,
  path: string,
  { site = config.settings.publicUrl ?? '', comments }: { site: string | undefined; comments: Choices['comments'] },
): Promise<void> {
  const pictures = openPictures(config);
  const { commentPolicy } = config.settings;
  try {
    const written = await exportHugo({ url, path, site, comments, commentPolicy, pictures, signal });
    printLine(
      `Wrote ${written.articles} articles, ${written.comments} comments and ${written.pictures} pictures to ${path}.`,
    );
  } finally {
    await pictures?.close();
  }
}

async function writeArchive({ url, config, interrupted: signal }: DatabaseWork, path: string): Promise<void> {
  const kept = openPictures(config);
  try {
    const { file, rows, pictures } = await exportArchive({ url, path, pictures: kept, signal });
    printLine(`Wrote ${rows} rows to ${file}.`);
    if (pictures.copied > 0) printLine(`${pictures.copied} pictures are in the folder beside it.`);
    if (pictures.missing > 0) printLine(`${pictures.missing} pictures have no file, and are missing.`);
  } finally {
    await kept?.close();
  }
}

async function writeRedirects(
  { url, config, interrupted: signal }: DatabaseWork,
  path: string,
  server: RedirectServer,
): Promise<void> {
  const { publicUrl } = config.settings;
  const { written, leftOut } = await exportRedirects({ url, path, server, publicUrl, signal });
  printLine(`Wrote ${written} redirects to ${path}.`);
  if (leftOut > 0) printLine(`${leftOut} redirects were left out: ${server} cannot express them.`);
}
