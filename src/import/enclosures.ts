import { escapeHtml, mediaHtml } from './wordpress/embeds.ts';

/** A file that is attached to an article, as the episode of a podcast. */
export interface Enclosure {
  url: string;
  /** Its media type; empty if it is not known. */
  type: string;
}

/** A body with players below it for the audio and video files that are attached to it, but for those that it has itself. */
export function withPlayers(html: string, enclosures: readonly Enclosure[]): string {
  const players = new Map<string, string>();
  for (const { url, type } of enclosures) {
    const kind = /^(audio|video)\//i.exec(type)?.[1]?.toLowerCase() as 'audio' | 'video' | undefined;
    if (!kind || !/^https?:\/\/[^\s<>"]+$/i.test(url)) continue;
    if (!html.includes(url) && !html.includes(escapeHtml(url)))
      players.set(url, `<figure>${mediaHtml(kind, url)}</figure>`);
  }
  return [html, ...players.values()].join('\n');
}
