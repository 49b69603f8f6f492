import type { Redirect } from '../../schema/content/address/redirects.ts';

/** The rules for a server, and how many redirects it has no rule for. */
interface RedirectRules {
  text: string;
  written: number;
  leftOut: number;
}

interface Site {
  /** Its origin, such as https://example.com; null when it is not known. */
  origin: string | null;
}

export type RedirectServer = 'nginx' | 'netlify' | 'cloudflare';

export const REDIRECT_RULES: Record<RedirectServer, (redirects: readonly Redirect[], site: Site) => RedirectRules> = {
  nginx: nginxRules,
  netlify: netlifyRules,
  cloudflare: cloudflareRules,
};

/** The parts of a former address: its path, and the parameter that names the page. */
interface FormerAddress {
  path: string;
  parameter: { name: string; value: string } | null;
  to: string;
}

function partsOf({ from, to }: Redirect): FormerAddress {
  const [, path, name, value] = /^([^?]*)\/\?([a-z]+)=(.*)$/su.exec(from) ?? [];
  return path !== undefined && name && value
    ? { path: `${path}/`, parameter: { name, value }, to }
    : { path: from, parameter: null, to };
}

/** Control characters would end a line or a quoted text. */
const isWritable = ({ from }: Redirect): boolean => !/\p{Cc}/u.test(from);

/** Each name that WordPress has for the number of a post. */
const PARAMETERS = [
  ['p', 'p'],
  ['page_id', 'p'],
  ['author', 'author'],
  ['cat', 'cat'],
  ['tag', 'tag'],
] as const;

/** Bytes of an entry of the map besides its text. */
const NGINX_ENTRY = 64;

/**
 * A `map` for each parameter, and one for paths, in the form in which addresses are kept: without `index.html`, `.html` and the last
 * slash. nginx compares texts of a map without regard to case.
 */
function nginxRules(redirects: readonly Redirect[]): RedirectRules {
  const byFolded = new Map<string, Redirect>();
  for (const redirect of redirects.filter(isWritable)) {
    const folded = redirect.from.toLowerCase();
    if (!byFolded.has(folded)) byFolded.set(folded, redirect);
  }
  const addresses = [...byFolded.values()].map(partsOf);
  const plain = addresses.filter(({ parameter }) => !parameter);
  const maps = [nginxMap('$broadsheet_uri', '$broadsheet_path', { entries: plain.map(({ path, to }) => [path, to]) })];
  let redirect = '$broadsheet_path';
  for (const [name, kept] of PARAMETERS) {
    const named = addresses.filter(({ parameter }) => parameter?.name === kept);
    if (named.length === 0) continue;
    const entries = named.map(({ path, parameter, to }): [string, string] => [
      `${path.slice(0, -1) || '/'}?${encodeURIComponent(parameter!.value)}`,
      to,
    ]);
    maps.push(nginxMap(`"$broadsheet_uri?$arg_${name}"`, `$broadsheet_${name}`, { entries, otherwise: redirect }));
    redirect = `$broadsheet_${name}`;
  }
  const longest = addresses.reduce((length, { path }) => Math.max(length, Buffer.byteLength(path)), 0);
  const head = `# Redirects from former addresses. Include this file in "http", and write in "server":
#   if (${redirect}) { return 301 ${redirect}; }
map_hash_bucket_size ${2 ** Math.ceil(Math.log2(longest + NGINX_ENTRY))};
map_hash_max_size ${Math.max(2_048, 4 * addresses.length)};
map $uri $broadsheet_uri {
  default $uri;
  "~^(?<broadsheet_page>/.*?)(/(index|default)\\.[a-z]+|\\.(html?|php|aspx?))?/*$" $broadsheet_page;
}
`;
  return { text: head + maps.join(''), written: addresses.length, leftOut: redirects.length - addresses.length };
}

function nginxMap(
  source: string,
  variable: string,
  { entries, otherwise = '""' }: { entries: readonly [from: string, to: string][]; otherwise?: string },
): string {
  const lines = entries.map(([from, to]) => `  ${nginxText(from)} ${to};\n`);
  return `map ${source} ${variable} {\n  default ${otherwise};\n${lines.join('')}}\n`;
}

/** A quoted text of nginx's configuration. */
function nginxText(text: string): string {
  return `"${text.replace(/[\\"]/g, '\\$&')}"`;
}

/** Netlify's `_redirects`. `301!` also where a file stands at the path, as at `/` for addresses that a parameter names. */
function netlifyRules(redirects: readonly Redirect[]): RedirectRules {
  const found = redirects.filter(isWritable);
  const lines = found.map(partsOf).flatMap(({ path, parameter, to }) => {
    const from = encodedPath(path);
    // A rule also matches with a slash at the end, and not with the ending that many old addresses have.
    if (!parameter) return [from, ...(from.endsWith('/') ? [] : [`${from}.html`])].map((path) => `${path} ${to} 301`);
    const value = encodeURIComponent(parameter.value);
    return PARAMETERS.filter(([, kept]) => kept === parameter.name).map(
      ([name]) => `${from} ${name}=${value} ${to} 301!`,
    );
  });
  // Netlify takes the first rule that matches.
  const sorted = [...lines.filter((line) => line.endsWith('!')), ...lines.filter((line) => !line.endsWith('!'))];
  return { text: toLines(sorted), written: found.length, leftOut: redirects.length - found.length };
}

/** A list of Cloudflare's Bulk Redirects. It cannot look at parameters. */
function cloudflareRules(redirects: readonly Redirect[], { origin }: Site): RedirectRules {
  if (origin === null) throw new Error('Redirects for Cloudflare need PUBLIC_URL, the address of the site.');
  const host = new URL(origin).host;
  const found = redirects
    .filter(isWritable)
    .map(partsOf)
    .filter(({ parameter }) => !parameter);
  const lines = found.flatMap(({ path, to }) => {
    const from = `${host}${encodedPath(path)}`;
    return [from, `${from}/`, `${from}.html`].map((source) => `${csvCell(source)},${csvCell(`${origin}${to}`)},301`);
  });
  return { text: toLines(lines), written: found.length, leftOut: redirects.length - found.length };
}

/** A path as browsers send it; `*` and `:` would be placeholders. */
function encodedPath(path: string): string {
  return path
    .split('/')
    .map((part) =>
      encodeURIComponent(part).replace(/[*']/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`),
    )
    .join('/');
}

function csvCell(text: string): string {
  return /[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function toLines(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}
