import type MarkdownIt from 'markdown-it';

/** `[ ]` or `[x]` and white space, before further text. */
const MARK = /^\[([ xX])\][ \t\u00A0]+(?=\S)/;

/** Items of lists that begin with `[ ]` or `[x]` begin with a checkbox. */
export function taskLists(md: MarkdownIt): void {
  md.core.ruler.after('inline', 'task_lists', ({ tokens, Token }) => {
    const lists: (typeof tokens)[number][] = [];
    for (const [index, token] of tokens.entries()) {
      if (/^(bullet|ordered)_list_open$/.test(token.type)) lists.push(token);
      else if (/^(bullet|ordered)_list_close$/.test(token.type)) lists.pop();
      else if (token.type === 'inline' && tokens[index - 2]?.type === 'list_item_open') {
        const first = token.children?.[0];
        const mark = first?.type === 'text' ? MARK.exec(token.content) : null;
        if (!mark || !first!.content.startsWith(mark[0].trimEnd())) continue;
        first!.content = first!.content.slice(mark[0].trimEnd().length);
        const checkbox = new Token('task_checkbox', 'input', 0);
        checkbox.attrs = [
          ['type', 'checkbox'],
          ['disabled', ''],
          ...(mark[1] === ' ' ? [] : [['checked', ''] as [string, string]]),
        ];
        token.children!.unshift(checkbox);
        tokens[index - 2]!.attrSet('class', 'task-list-item');
        lists.at(-1)?.attrSet('class', 'contains-task-list');
      }
    }
  });
}
