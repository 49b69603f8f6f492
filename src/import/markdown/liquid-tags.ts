/** Tags of Jekyll, and of plug-ins that came with Octopress and Hexo, as Markdown; null for one that is not known. */
export function liquidTag(tag: string, rest: string, token: string): string | null {
  const words = rest.trim().split(/\s+/);
  if (/^(highlight|codeblock|code)$/.test(tag)) return `\`\`\`${languageIn(tag, rest)}`;
  if (/^end(highlight|codeblock|code)$/.test(tag)) return '```';
  // Around a block of code, which stays as it is.
  if (tag === 'raw' || tag === 'endraw') return '';
  if (tag === 'img') return pictureIn(rest, /^(?:https?:)?\/|\.(?:jpe?g|png|gif|webp|avif|svg)$/i);
  if (tag === 'asset_img') return pictureIn(rest, /\.\w+$/);
  if (tag === 'gist' && /^[\w./-]+$/.test(words[0]!)) return `<https://gist.github.com/${words[0]}>`;
  if (tag === 'youtube' && ID.test(words[0]!)) return frame(`https://www.youtube.com/embed/${words[0]}`);
  if (tag === 'vimeo' && ID.test(words[0]!)) return frame(`https://player.vimeo.com/video/${words[0]}`);
  // The address of the site, before a path.
  return /^\{\{-?\s*(site\.(baseurl|url)|base_?path)\b/.test(token) ? '' : null;
}

const ID = /^[\w-]{1,40}$/;

/** The first word after `highlight`, or what `codeblock` names as `lang:ruby`. */
function languageIn(tag: string, rest: string): string {
  const named = tag === 'highlight' ? rest.trim().split(/\s/)[0] : /(?:^|\s)lang:(\S+)/.exec(rest)?.[1];
  return named?.replace(/\W/g, '') ?? '';
}

function frame(address: string): string {
  return `\n\n<iframe src="${address}"></iframe>\n\n`;
}

/**
 * A picture: class names, its address, its size, its title, and in quotes behind that the alternative text.
 *
 * @param address what the word with the address looks like
 */
function pictureIn(rest: string, address: RegExp): string | null {
  const words = rest.match(/"[^"]*"|'[^']*'|\S+/g) ?? [];
  const position = words.findIndex((word) => address.test(word));
  if (position === -1) return null;
  const texts = words.slice(position + 1).filter((word, index) => index > 1 || !/^\d+(?:px|%)?$/.test(word));
  const quoted = texts.filter((word) => /^["']/.test(word)).map((word) => word.slice(1, -1));
  const alt = (quoted.at(-1) ?? texts.join(' ')).replace(/[[\]\n]/g, '');
  return `![${alt}](<${words[position]!.replace(/[<>]/g, '')}>)`;
}
