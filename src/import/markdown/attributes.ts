import { mapOutsideFences } from './fences.ts';

/** Code in a line, or attributes of kramdown. */
const ATTRIBUTES = /`[^`\n]{1,500}`|\{:[^}\n]{0,300}\}/g;
/** A line of them alone, with the item that kramdown replaces by a table of contents. */
const LINES = /^(?:[ \t]*(?:[*+-]|1\.)[^\n]{0,100}\n(?=[ \t]*\{:\s*toc\b))?[ \t]*\{:[^}\n]{0,300}\}[ \t]*(?:\n|$)/gim;
const HEADINGS = /^( {0,3}#{1,6}[ \t][^\n]{0,1000}?)[ \t]{0,9}\{([^{}\n]{0,300})\}[ \t]{0,9}#*[ \t]*$/gm;

/** Replaces attributes behind headings, whose ids stay, and where they are marked as kramdown does, everywhere. */
export function replaceAttributes(source: string, { isHugo }: { isHugo: boolean }): string {
  return mapOutsideFences(source, (part) => {
    const text = part.replace(HEADINGS, (heading, title: string, attributes: string) => {
      const id = /^:?\s*(?:[^#]*\s)?#([\w-]+)/.exec(attributes)?.[1];
      if (id !== undefined) return `${title} <a id="${id}"></a>`;
      return /^:?\s*[.:]|="/.test(attributes) ? title : heading;
    });
    return isHugo ? text : text.replace(LINES, '').replace(ATTRIBUTES, (token) => (token.startsWith('`') ? token : ''));
  });
}
