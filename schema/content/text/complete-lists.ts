// Lists may have nothing but items in them. Browsers show what else old pages have there, so it must not get lost.

const TOKEN = /<(\/?)([a-z][a-z0-9]*)(?: [^<>]*)?>|[^<]+|</g;
const VOID = new Set(['br', 'hr', 'img', 'input', 'source', 'track', 'col', 'wbr']);

/** An open element. */
interface OpenElement {
  name: string;
  isList: boolean;
  /** Of a list: its last item ends when the next begins or the list ends. */
  hasItem: boolean;
  /** Of a list: white space behind the end of that item. */
  space: string;
}

/**
 * Puts what is directly in a list, such as text or another list, into the item before it, or into one of its own. Browsers show it
 * in that place. Takes sanitised HTML, in which each element is closed.
 */
export function completeLists(html: string): string {
  if (!/<[uo]l[ >]/.test(html)) return html;
  const out: string[] = [];
  const open: OpenElement[] = [];
  for (const [token, slash, name] of html.matchAll(TOKEN)) {
    const list = open.at(-1);
    if (list?.isList) {
      if (name === undefined && token.trim() === '') {
        list.space += token;
        continue;
      }
      const endsItem = name === 'li' || slash === '/';
      if (endsItem && list.hasItem) out.push('</li>');
      out.push(list.space);
      if (!endsItem && !list.hasItem) out.push('<li>');
      list.hasItem = !endsItem;
      list.space = '';
    }
    const isEndOfItem = slash === '/' && name === 'li' && open.at(-2)?.isList === true;
    if (!isEndOfItem) out.push(token);
    if (name === undefined || VOID.has(name)) continue;
    if (slash === '') {
      open.push({ name, isList: name === 'ul' || name === 'ol', hasItem: false, space: '' });
    } else {
      open.pop();
      if (isEndOfItem) open.at(-1)!.hasItem = true;
    }
  }
  return out.join('');
}
